/** catalogPromote: brings the tasks and pipelines of one namespace, or of a checkout, to another namespace. */

import { isRefusal, kinds } from '@tekton-dag/kube';
import { applyManifest, resourceOf } from '../catalog/apply-manifest.ts';
import { compareManifests, renderComparison } from '../catalog/compare-manifests.ts';
import { findSurplus, listCatalog } from '../catalog/list-catalog.ts';
import { labelOf, type Manifest } from '../catalog/manifest.ts';
import { readNotedCatalog } from '../catalog/read-noted-catalog.ts';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type Cluster, type ClusterOptions } from '../open-cluster.ts';

export interface CatalogPromoteOptions extends ClusterOptions {
  /** The namespace that is copied. */
  readonly from?: string;
  /** The checkout that is copied, in place of a namespace. */
  readonly fromCheckout?: string;
  readonly to: string;
  /** The cluster of `to`, when it is another one. */
  readonly toContext?: string;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
}

/** Prints what differs, then makes it equal; with `--dry-run` only the first. */
export async function catalogPromote(host: CliHost, options: CatalogPromoteOptions): Promise<number> {
  const { to, toContext, dryRun = false, prune = false } = options;
  const manifests = await readSource(host, options);
  await using target = await openCluster(host, { ...options, ...present(toContext), namespace: to });
  await assertNamespace(target);
  const comparisons = await compareManifests(target.client, to, manifests);
  const surplus = findSurplus(await listCatalog(target.client, to), manifests);
  const changed = comparisons.filter(({ state }) => state !== 'same');
  print(host, changed.flatMap(renderComparison));
  print(
    host,
    surplus.map(
      (manifest) => `${labelOf(manifest)} is only in ${to}${prune ? '' : ' and stays; --prune removes it'}`,
    ),
  );
  if (changed.length === 0) print(host, [`${to} has the same ${manifests.length} tasks and pipelines.`]);
  if (dryRun) return EXIT.ok;
  for (const { manifest } of changed) {
    print(host, [`${labelOf(manifest)} ${await applyManifest(target.client, manifest, to)}`]);
  }
  if (prune) await remove(host, target, surplus);
  return EXIT.ok;
}

function present(context: string | undefined): { readonly context?: string } {
  return context === undefined ? {} : { context };
}

async function readSource(host: CliHost, options: CatalogPromoteOptions): Promise<Manifest[]> {
  const { from, fromCheckout } = options;
  if ((from === undefined) === (fromCheckout === undefined)) {
    throw new CliFailure(
      EXIT.usage,
      'promote from either a namespace (--from) or a checkout (--from-checkout)',
    );
  }
  if (from === undefined) {
    const all = await readNotedCatalog(host, fromCheckout);
    return all.filter(({ kind }) => kind === 'Task' || kind === 'Pipeline');
  }
  await using source = await openCluster(host, { ...options, namespace: from });
  await assertNamespace(source);
  const manifests = await listCatalog(source.client, from);
  if (manifests.length > 0) return manifests;
  throw new CliFailure(
    EXIT.invalidInput,
    `namespace ${from} holds no catalog to promote`,
    `fill it with \`tekton-dag namespace bootstrap ${from}\``,
  );
}

/** CliFailure when there is no such namespace; who may not look it up finds out later. */
async function assertNamespace({ client, namespace, contextName }: Cluster): Promise<void> {
  try {
    if ((await client.resource(kinds.namespaces).get(namespace)) !== undefined) return;
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return;
    throw error;
  }
  throw new CliFailure(
    EXIT.invalidInput,
    `there is no namespace ${namespace} in ${contextName}`,
    `make it with \`tekton-dag namespace bootstrap ${namespace}\``,
  );
}

async function remove(
  host: CliHost,
  { client, namespace }: Cluster,
  surplus: readonly Manifest[],
): Promise<void> {
  for (const manifest of surplus) {
    await resourceOf(client, manifest, namespace).delete(manifest.metadata.name);
    print(host, [`${labelOf(manifest)} deleted`]);
  }
}

function print(host: CliHost, lines: readonly string[]): void {
  host.stdout.write(lines.map((line) => `${line}\n`).join(''));
}
