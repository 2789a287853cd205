/** checkCatalog: whether a namespace holds the tasks and pipelines of this program, and not those of an older one. */

import program from '../../package.json' with { type: 'json' };
import type { KubeClient } from '@tekton-dag/kube';
import { PIPELINE_OF_MODE } from '@tekton-dag/model';
import { findOwnCheckout } from '../catalog/find-checkout.ts';
import { listCatalog } from '../catalog/list-catalog.ts';
import { labelOf, type Manifest } from '../catalog/manifest.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { attempt } from './attempt.ts';
import type { Check } from './check.ts';
import { compareReleases } from './compare-releases.ts';

const VERSION_LABEL = 'app.kubernetes.io/version';

export function checkCatalog(client: KubeClient, namespace: string): Promise<Check> {
  const hint = `bring it there with \`tekton-dag catalog apply -n ${namespace}\`; runs that fetch it from Git need none`;
  return attempt({ name: 'catalog', hint }, async () => {
    const present = await listCatalog(client, namespace);
    const fault = findFault({ present, expected: await expectedNames(), version: program.version });
    if (fault !== undefined)
      return { name: 'catalog', state: 'missing', detail: `${fault} in namespace ${namespace}`, hint };
    return {
      name: 'catalog',
      state: 'ok',
      detail: `${present.length} tasks and pipelines in namespace ${namespace}`,
    };
  });
}

/** `task/prepare`; a program without its repository knows its pipelines alone. */
async function expectedNames(): Promise<string[]> {
  const checkout = findOwnCheckout();
  if (checkout === undefined) return Object.values(PIPELINE_OF_MODE).map((name) => `pipeline/${name}`);
  const catalog = await readCatalog(checkout);
  return catalog.filter(({ kind }) => kind === 'Task' || kind === 'Pipeline').map(labelOf);
}

export interface CatalogState {
  readonly present: readonly Manifest[];
  readonly expected: readonly string[];
  /** Of this program. */
  readonly version: string;
}

/** In words, without the namespace; undefined when all is well. Pure. */
export function findFault({ present, expected, version }: CatalogState): string | undefined {
  if (present.length === 0) return 'no tasks and pipelines of tekton-dag';
  const names = new Set(present.map(labelOf));
  const missing = expected.filter((name) => !names.has(name));
  if (missing.length > 0) return `no ${missing.join(', ')}`;
  const old = present.find((manifest) => (compareReleases(versionOf(manifest), version) ?? -1) < 0);
  if (old === undefined) return undefined;
  return `${labelOf(old)} of version ${versionOf(old)}, older than this program's ${version},`;
}

function versionOf({ metadata }: Manifest): string {
  return metadata.labels?.[VERSION_LABEL] ?? '(none)';
}
