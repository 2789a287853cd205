/** readCatalogOptions: the flags that pin a run's tasks and pipelines to a commit. */

import { parsePinnedCatalog, type PinnedCatalog } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';

export interface CatalogOptions {
  readonly catalogUrl?: string;
  readonly catalogRevision?: string;
  readonly catalogSecret?: string;
}

/** Undefined without the flags; CliFailure for what cannot be fetched. */
export function readCatalogOptions(options: CatalogOptions): PinnedCatalog | undefined {
  const { catalogUrl: url, catalogRevision: revision, catalogSecret: tokenSecret } = options;
  const parsed = parsePinnedCatalog({ url, revision, tokenSecret });
  if (parsed.ok) return parsed.value;
  throw new CliFailure(EXIT.usage, parsed.error, 'give --catalog-url and --catalog-revision');
}
