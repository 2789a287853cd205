/** renderRepeatedRun: the PipelineRun that does again what a run did, with exactly the versions that it had. */

import { parsePinnedCatalog, pinnedCatalogOf, type PinnedCatalog } from '../catalog/pinned-catalog.ts';
import { provenanceOf, type RunProvenance } from '../catalog/run-provenance.ts';
import { ANNOTATION, CATALOG_ANNOTATIONS, LABEL } from '../labels.ts';
import type { Plan } from '../plan/plan.ts';
import { present } from '../present.ts';
import { err, ok, type Result } from '../result.ts';
import { repeatedRunNameOf } from '../run/run-name.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { renderFollowingRun } from './render-following-run.ts';

/** A release is not made twice, and a run that continues another has no plan of its own. */
const REPEATABLE = ['pr', 'bootstrap', 'verify'] as const;

export interface RepeatRefusal {
  /** `not-recorded`: nobody knows any more what the run was made of. */
  readonly reason: 'other-mode' | 'not-finished' | 'not-recorded';
  readonly message: string;
  readonly hint: string;
}

export interface RepeatOptions {
  /** Of the run record; undefined where there is none. */
  readonly plan: Plan | undefined;
  /** Of the run record too, for what the run itself does not tell. */
  readonly recorded: RunProvenance | undefined;
  /** The catalog that is installed now; undefined where nobody looked. */
  readonly installed: RunProvenance['catalog'];
  /** Secret that reads a catalog which was installed and is now fetched. */
  readonly tokenSecret?: string;
  /** Which repetition of this very run, from 1; every one is a run of its own. */
  readonly attempt: number;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The trace that the new run is part of; that of the old one is over. */
  readonly traceparent?: string;
  /** As in `renderPipelineRun`. */
  readonly pending?: boolean;
}

/**
 * The object to create: same namespace, workspaces, account, timeouts, labels and params, the platform repository and every
 * app at the commit that the run used, tasks and pipelines of the same catalog. Refused where one of these is not known.
 */
export function renderRepeatedRun(
  run: PipelineRun,
  options: RepeatOptions,
): Result<PipelineRun, RepeatRefusal> {
  const mode = modeOf(run);
  if (!mode.ok) return mode;
  const provenance = { ...options.recorded, ...provenanceOf(run) };
  const params = exactParams(run, provenance, options);
  if (!params.ok) return params;
  const catalog = findCatalog(run, provenance.catalog, options);
  if (!catalog.ok) return catalog;
  const { name: from = '', labels = {}, annotations = {} } = run.metadata;
  const { attempt, pending = false } = options;
  const again = renderFollowingRun(run, {
    name: repeatedRunNameOf({
      from,
      mode: mode.value,
      attempt,
      ...present({ pullRequest: labels[LABEL.pullRequest] }),
    }),
    mode: mode.value,
    params: params.value,
    labels: ownFields(labels, []),
    annotations: {
      ...ownFields(annotations, CATALOG_ANNOTATIONS),
      [ANNOTATION.repeats]: from,
      ...options.annotations,
    },
    pending,
    ...present({ catalog: catalog.value }),
  });
  return ok(again);
}

function modeOf(run: PipelineRun): Result<(typeof REPEATABLE)[number], RepeatRefusal> {
  const { name = '', labels = {} } = run.metadata;
  const label = labels[LABEL.mode] ?? 'unknown';
  const mode = REPEATABLE.find((known) => known === label);
  if (mode !== undefined) return hasEnded(run) ? ok(mode) : err(notFinished(name));
  const hint = label === 'continue' ? 'repeat the run that it continued' : 'start it anew instead';
  return err({
    reason: 'other-mode',
    message: `run ${name} is of mode ${label}, which is not repeated`,
    hint,
  });
}

function hasEnded({ status }: PipelineRun): boolean {
  const state = status?.conditions?.find(({ type }) => type === 'Succeeded')?.status;
  return state === 'True' || state === 'False';
}

const notFinished = (name: string): RepeatRefusal => ({
  reason: 'not-finished',
  message: `run ${name} has not ended yet`,
  hint: 'wait for its end, or cancel it',
});

function exactParams(
  run: PipelineRun,
  { platform }: RunProvenance,
  { plan, traceparent }: RepeatOptions,
): Result<Record<string, string>, RepeatRefusal> {
  if (platform === undefined) return notRecorded(run, 'the commit of its platform repository');
  const isPreview = run.metadata.labels?.[LABEL.mode] === 'verify';
  if (plan === undefined && !isPreview) return notRecorded(run, 'the commits of its apps');
  const { traceparent: _over, ...params } = stringParamsOf(run);
  return ok({
    ...params,
    'git-revision': platform.revision,
    ...(plan === undefined || isPreview
      ? {}
      : { 'app-revisions': revisionsOf(plan, params['app-revisions']) }),
    ...present({ traceparent }),
  });
}

/** Those of the plan win: what was asked for may have been branches. */
function revisionsOf({ buildApps, tests }: Plan, asked = '{}'): string {
  const planned = [...tests, ...buildApps].map(({ app, revision }) => [app, revision] as const);
  return JSON.stringify({ ...Object(JSON.parse(asked)), ...Object.fromEntries(planned) });
}

/** Undefined for the installed one, when that is still the same. */
function findCatalog(
  run: PipelineRun,
  known: RunProvenance['catalog'],
  { installed, tokenSecret }: RepeatOptions,
): Result<PinnedCatalog | undefined, RepeatRefusal> {
  const pinned = pinnedCatalogOf(run);
  if (pinned !== undefined) return ok(pinned);
  if (known?.digest !== undefined && known.digest === installed?.digest) return ok(undefined);
  const { url, revision } = known ?? {};
  const parsed = parsePinnedCatalog({ url, revision, tokenSecret });
  if (parsed.ok && parsed.value !== undefined) return ok(parsed.value);
  return notRecorded(run, 'repository and commit of its tasks and pipelines, and others are installed now');
}

function notRecorded({ metadata }: PipelineRun, what: string): Result<never, RepeatRefusal> {
  return err({
    reason: 'not-recorded',
    message: `run ${metadata.name ?? ''} does not say ${what}`,
    hint: 'start a new run; docs/catalog-versions.md says what has to be recorded',
  });
}

function stringParamsOf({ spec }: PipelineRun): Record<string, string> {
  const given = (spec.params ?? []).flatMap(({ name, value }) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(given);
}

/** Ours; what Tekton and the old pipeline put there, it puts there again. */
function ownFields(
  fields: Readonly<Record<string, string>>,
  without: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter(([key]) => key.startsWith('tekton-dag.io/') && !without.includes(key)),
  );
}
