/** catalogApply: makes a namespace's accounts, tasks and pipelines those of a checkout. */

import { applyManifest } from '../catalog/apply-manifest.ts';
import { labelOf } from '../catalog/manifest.ts';
import { readNotedCatalog } from '../catalog/read-noted-catalog.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { renderDocuments } from '../render/documents.ts';

export interface CatalogApplyOptions extends ClusterOptions {
  readonly checkout?: string;
  readonly dryRun?: boolean;
}

/** Prints a line for each object; with `--dry-run` the objects themselves. */
export async function catalogApply(host: CliHost, options: CatalogApplyOptions): Promise<number> {
  const manifests = await readNotedCatalog(host, options.checkout);
  if (options.dryRun === true) {
    host.stdout.write(await renderDocuments(manifests));
    return EXIT.ok;
  }
  await using cluster = await openCluster(host, options);
  for (const manifest of manifests) {
    const change = await applyManifest(cluster.client, manifest, cluster.namespace);
    host.stdout.write(`${labelOf(manifest)} ${change}\n`);
  }
  return EXIT.ok;
}
