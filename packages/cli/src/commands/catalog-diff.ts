/** catalogDiff: what `catalog apply` would change. */

import { compareManifests, renderComparison } from '../catalog/compare-manifests.ts';
import { findCheckout } from '../catalog/find-checkout.ts';
import { findSurplus, listCatalog } from '../catalog/list-catalog.ts';
import { labelOf } from '../catalog/manifest.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';

export interface CatalogDiffOptions extends ClusterOptions {
  readonly checkout?: string;
}

/** Prints nothing and exits 0 when there is no difference; exits 1 when there is one, as diff does. */
export async function catalogDiff(host: CliHost, options: CatalogDiffOptions): Promise<number> {
  const manifests = await readCatalog(findCheckout(host, options.checkout));
  await using cluster = await openCluster(host, options);
  const { client, namespace } = cluster;
  const comparisons = await compareManifests(client, namespace, manifests);
  const surplus = findSurplus(await listCatalog(client, namespace), manifests);
  const lines = [
    ...comparisons.filter(({ state }) => state !== 'same').flatMap(renderComparison),
    ...surplus.map((manifest) => `${labelOf(manifest)} is not in the checkout`),
  ];
  host.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return lines.length === 0 ? EXIT.ok : EXIT.runFailed;
}
