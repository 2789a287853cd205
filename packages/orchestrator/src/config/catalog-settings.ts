/** The settings of the catalog: whether runs fetch tasks and pipelines from Git, at which commit (docs/catalog-versions.md). */

import { parsePinnedCatalog, type PinnedCatalog } from '@tekton-dag/model';
import { z } from 'zod';
import type { SecretReader } from './secret-reader.ts';

export interface CatalogConfig {
  /** Absent means the installed tasks and pipelines. */
  readonly catalog: PinnedCatalog | undefined;
}

export const catalogSettings = {
  TEKTON_DAG_CATALOG_URL: z.string().min(1).optional(),
  TEKTON_DAG_CATALOG_REVISION: z.string().min(1).optional(),
  TEKTON_DAG_CATALOG_TOKEN_SECRET: z.string().min(1).optional(),
};

type CatalogSettings = z.output<z.ZodObject<typeof catalogSettings>>;

/** What does not fit together is told to `problems`. */
export function compileCatalogConfig(
  values: CatalogSettings,
  problems: Pick<SecretReader, 'report'>,
): CatalogConfig {
  const revision = values.TEKTON_DAG_CATALOG_REVISION;
  const url = values.TEKTON_DAG_CATALOG_URL;
  const parsed = parsePinnedCatalog({ url, revision, tokenSecret: values.TEKTON_DAG_CATALOG_TOKEN_SECRET });
  if (parsed.ok) return { catalog: parsed.value };
  const key = url === undefined ? 'TEKTON_DAG_CATALOG_URL' : 'TEKTON_DAG_CATALOG_REVISION';
  problems.report({ key, message: parsed.error });
  return { catalog: undefined };
}
