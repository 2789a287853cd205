/** RunProvenance: which commit of the platform repository a run read, and which tasks and pipelines it was made of. */

import { z } from 'zod';
import { ANNOTATION } from '../labels.ts';
import { present } from '../present.ts';
import type { Result } from '../result.ts';
import { parseJson, type RecordFailure } from '../run/parse-json.ts';
import type { PipelineRun } from '../tekton/pipeline-run.ts';
import { COMMIT_PATTERN, pinnedCatalogOf } from './pinned-catalog.ts';

const MAX_URL = 2_048;
const commit = z.string().regex(COMMIT_PATTERN);
const url = z.string().min(1).max(MAX_URL);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Also `provenance.json` of the run record. A part that nobody told is absent. */
export const runProvenanceSchema = z.strictObject({
  platform: z.strictObject({ url: url.exactOptional(), revision: commit }).exactOptional(),
  catalog: z
    .strictObject({
      url: url.exactOptional(),
      revision: commit.exactOptional(),
      /** Of the installed one. */
      digest: digest.exactOptional(),
      /** True when Tekton fetched it from Git at this commit, false for an installed one. */
      pinned: z.boolean(),
    })
    .exactOptional(),
});
export type RunProvenance = z.output<typeof runProvenanceSchema>;

export const parseRunProvenance = (text: string): Result<RunProvenance, RecordFailure> =>
  parseJson(text, runProvenanceSchema);

/** The result of the pipelines, and of the tasks that read the platform repository. */
export const PLATFORM_REVISION_RESULT = 'platform-revision';

/** As far as the PipelineRun tells; what is malformed counts as absent. */
export function provenanceOf(run: PipelineRun): RunProvenance {
  return present({ platform: platformOf(run), catalog: catalogOf(run) });
}

/** Tekton copies annotations of the Pipeline to its runs, so that those of an installed catalog are found there. */
export function catalogOf(run: PipelineRun): RunProvenance['catalog'] {
  const pinned = pinnedCatalogOf(run);
  if (pinned !== undefined) return { url: pinned.url, revision: pinned.revision, pinned: true };
  const annotations = run.metadata.annotations ?? {};
  const found = present({
    url: valid(url, annotations[ANNOTATION.catalogUrl]),
    revision: valid(commit, annotations[ANNOTATION.catalogRevision]),
    digest: valid(digest, annotations[ANNOTATION.catalogDigest]),
  });
  return Object.keys(found).length === 0 ? undefined : { ...found, pinned: false };
}

function platformOf({ spec, status }: PipelineRun): RunProvenance['platform'] {
  const result = status?.results?.find(({ name }) => name === PLATFORM_REVISION_RESULT)?.value;
  const revision = valid(commit, typeof result === 'string' ? result.trim() : undefined);
  if (revision === undefined) return undefined;
  const given = spec.params?.find(({ name }) => name === 'git-url')?.value;
  return { ...present({ url: valid(url, withoutUser(given)) }), revision };
}

/** A user and a password in the URL are nobody else's business. */
function withoutUser(value: unknown): string | undefined {
  return typeof value === 'string' ? value.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1') : undefined;
}

function valid<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** `platform 4f2a9c1d0b7e, catalog 90ab12cd34ef (fetched)`, for people; empty when nothing is known. */
export function describeProvenance({ platform, catalog }: RunProvenance): string {
  const parts = [
    platform === undefined ? '' : `platform ${platform.revision.slice(0, SHOWN_DIGITS)}`,
    catalog === undefined ? '' : `catalog ${describeCatalog(catalog)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const SHOWN_DIGITS = 12;

function describeCatalog({ revision, digest: sum, pinned }: NonNullable<RunProvenance['catalog']>): string {
  const name =
    revision?.slice(0, SHOWN_DIGITS) ?? sum?.slice(0, 'sha256:'.length + SHOWN_DIGITS) ?? 'unknown';
  return `${name}${pinned ? ' (fetched)' : ''}`;
}
