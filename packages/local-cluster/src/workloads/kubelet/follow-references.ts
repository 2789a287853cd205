/** followReferences: tells when a ConfigMap or Secret that a pod's volumes show has changed. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ObjectStore } from '../../contracts/object-store.ts';
import type { Pod } from '../specs/workload-objects.ts';

/** Calls `onChange` after each change; returns what ends that. An object that is deleted changes nothing, as in a cluster. */
export function followReferences(store: ObjectStore, pod: Pod, onChange: () => void): () => void {
  const names = referencedNames(pod);
  const unwatch = (['configmaps', 'secrets'] as const)
    .filter((resource) => names[resource].size > 0)
    .map((resource) =>
      store.watch({ group: '', resource }, ({ type, object }) => {
        if (type !== 'DELETED' && isOf(pod, object) && names[resource].has(object.metadata.name ?? ''))
          onChange();
      }),
    );
  return () => {
    for (const end of unwatch) end();
  };
}

const isOf = (pod: Pod, { metadata }: KubeObject): boolean => metadata.namespace === pod.metadata.namespace;

function referencedNames({ spec }: Pod): Readonly<Record<'configmaps' | 'secrets', ReadonlySet<string>>> {
  const volumes = spec.volumes ?? [];
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  return {
    configmaps: asSet([...volumes, ...sources].map(({ configMap }) => configMap?.name)),
    secrets: asSet([
      ...volumes.map(({ secret }) => secret?.secretName),
      ...sources.map(({ secret }) => secret?.name),
    ]),
  };
}

const asSet = (names: readonly (string | undefined)[]): ReadonlySet<string> =>
  new Set(names.filter((name) => name !== undefined));
