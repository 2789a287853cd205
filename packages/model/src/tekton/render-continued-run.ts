/** renderContinuedRun: the PipelineRun that continues a failed run of a pull request. */

import { pinnedCatalogOf } from '../catalog/pinned-catalog.ts';
import { ANNOTATION, LABEL } from '../labels.ts';
import { present } from '../present.ts';
import { ok, type Result } from '../result.ts';
import { continuedRunNameOf } from '../run/run-name.ts';
import { checkContinuable, type ContinueRefusal } from './check-continuable.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { renderFollowingRun } from './render-following-run.ts';

/** Params of pipeline stack-pr-test that only make the plan; a run that continues another takes the plan over. */
export const PLANNED_PARAMS: readonly string[] = [
  'git-url',
  'git-revision',
  'stack-file',
  'versions-file',
  'version-overrides',
  'team',
  'image-registry',
  'changed-app',
  'pr-number',
  'pr-repository',
  'forge-host',
  'app-revisions',
  'default-revision',
  'force-rebuild',
  'max-parallel-builds',
  'compile-image-npm',
  'compile-image-maven',
  'compile-image-gradle',
  'compile-image-pip',
  'compile-image-composer',
];

const CONTINUED_LABELS = [
  LABEL.team,
  LABEL.stack,
  LABEL.app,
  LABEL.session,
  LABEL.pullRequest,
  LABEL.repository,
  LABEL.trusted,
];
const CONTINUED_ANNOTATIONS = [
  ANNOTATION.sha,
  ANNOTATION.repository,
  ANNOTATION.host,
  ANNOTATION.apps,
  ANNOTATION.dependsOn,
];

export interface ContinueOptions {
  /** Which try to continue this very run, from 1; every attempt is a run of its own. */
  readonly attempt: number;
  /** Params that win over those of the failed run. */
  readonly params?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** As in `renderPipelineRun`. */
  readonly pending?: boolean;
}

/**
 * The object to create: same namespace, workspaces, account, timeouts, labels, params and fetched catalog as the failed
 * run, and `continue-from` with its name. Everything else comes from its run record. What cannot be continued is refused.
 */
export function renderContinuedRun(
  failed: PipelineRun,
  options: ContinueOptions,
): Result<PipelineRun, ContinueRefusal> {
  const refused = checkContinuable(failed);
  if (!refused.ok) return refused;
  const { labels = {}, annotations = {}, name: from = '' } = failed.metadata;
  const { attempt, pending = false } = options;
  const run = renderFollowingRun(failed, {
    name: continuedRunNameOf({ from, attempt, ...present({ pullRequest: labels[LABEL.pullRequest] }) }),
    mode: 'continue',
    params: { ...paramsOf(failed), ...options.params, 'continue-from': from },
    labels: pick(labels, CONTINUED_LABELS),
    annotations: { ...pick(annotations, CONTINUED_ANNOTATIONS), ...options.annotations },
    pending,
    ...present({ catalog: pinnedCatalogOf(failed) }),
  });
  return ok(run);
}

function paramsOf({ spec }: PipelineRun): Record<string, string> {
  const given = (spec.params ?? []).flatMap(({ name, value }) =>
    typeof value === 'string' && !PLANNED_PARAMS.includes(name) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(given);
}

function pick(fields: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]]])));
}
