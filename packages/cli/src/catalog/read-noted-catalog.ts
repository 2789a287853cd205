/** readNotedCatalog: the objects of a checkout, as they are put into a namespace. */

import type { CliHost } from '../cli-host.ts';
import { findCheckout } from './find-checkout.ts';
import type { Manifest } from './manifest.ts';
import { noteCatalogSource } from './note-catalog-source.ts';
import { readCatalogSource } from './read-catalog-source.ts';
import { readCatalog } from './read-catalog.ts';

/** `named` is a checkout; undefined means the program's own. As `readCatalog`, with the pipelines saying where they come from. */
export async function readNotedCatalog(host: CliHost, named: string | undefined): Promise<Manifest[]> {
  const checkout = findCheckout(host, named);
  const manifests = await readCatalog(checkout);
  const source = await readCatalogSource(checkout, host.env);
  if (source.isChanged) {
    host.stderr.write(
      `warning: tasks and pipelines of ${checkout} are not those of its commit: runs will not say which they are; commit them first\n`,
    );
  }
  return noteCatalogSource(manifests, source);
}
