/** listCatalog: the tasks and pipelines of ours that a namespace holds, as manifests that can be applied elsewhere. */

import { kinds, type GenericObject, type KubeClient } from '@tekton-dag/kube';
import { manifestSchema, type Manifest } from './manifest.ts';

const OURS = 'app.kubernetes.io/part-of=tekton-dag';

/** Tasks first, each kind by name. */
export async function listCatalog(client: KubeClient, namespace: string): Promise<Manifest[]> {
  const lists = await Promise.all(
    [kinds.tasks, kinds.pipelines].map((kind) =>
      client.resource(kind, namespace).list({ labelSelector: OURS }),
    ),
  );
  return lists.flatMap(({ items }) => items.map(toManifest).toSorted(byName));
}

/** Without what belongs to the namespace that it came from. */
function toManifest({ apiVersion, kind, metadata, spec }: GenericObject): Manifest {
  const annotations = Object.entries(metadata?.annotations ?? {}).filter(
    ([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration',
  );
  return manifestSchema.parse({
    apiVersion,
    kind,
    metadata: {
      name: metadata?.name,
      labels: metadata?.labels ?? {},
      ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    },
    spec,
  });
}

function byName(a: Manifest, b: Manifest): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

/** Those of `present` that `wanted` does not have. */
export function findSurplus(present: readonly Manifest[], wanted: readonly Manifest[]): Manifest[] {
  const kept = new Set(wanted.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
  return present.filter(({ kind, metadata }) => !kept.has(`${kind}/${metadata.name}`));
}
