/** Gives a run the labels and annotations of the task or pipeline that it executes; its own win. */

import type { ObjectKey } from '../../contracts/kube-object.ts';
import type { ObjectStore } from '../../contracts/object-store.ts';
import type { RefSource } from '../remote/remote-definitions.ts';

/** What `kubectl apply` notes about the definition says nothing about its runs. */
const NOT_INHERITED = 'kubectl.kubernetes.io/last-applied-configuration';

export interface Adopted {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Where it was fetched from; absent for an object of the cluster. */
  readonly refSource?: RefSource;
  /** Labels that win over the run's own. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Writes them into the stored run; a run that is gone stays gone. */
export function adoptMetadata(
  key: ObjectKey,
  { labels, annotations, names }: Adopted,
  store: ObjectStore,
): void {
  const object = store.get(key);
  if (object === undefined) return;
  const { [NOT_INHERITED]: _notInherited, ...inherited } = annotations;
  store.update(
    { group: key.group, resource: key.resource },
    {
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...labels, ...object.metadata.labels, ...names },
        annotations: { ...inherited, ...object.metadata.annotations },
      },
    },
  );
}
