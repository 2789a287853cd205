/** restartPartOf: where a run that continues a failed one begins. */

import type { PlannedBuild } from '../plan/plan.ts';
import type { PipelineRun } from '../tekton/pipeline-run.ts';
import { RESTART_PARTS, type RestartPart } from './restart-parts.ts';
import type { Images } from './run-record.ts';

export interface FailedRun {
  readonly run: Pick<PipelineRun, 'status'>;
  readonly plan: { readonly buildApps: readonly Pick<PlannedBuild, 'app' | 'contentKey'>[] };
  /** The images that are there. */
  readonly images: Images;
  /** Where it began itself, if it continued another. */
  readonly restartAt?: RestartPart;
}

/**
 * The last part that the run reached, or the one it began at, when that is later. With an image missing it is
 * `build`. Intercepts are deployed whatever the part: the cleanup has removed those of the failed run.
 */
export function restartPartOf({ run, plan, images, restartAt = 'build' }: FailedRun): RestartPart {
  const missing = plan.buildApps.some(({ app, contentKey }) => images[app]?.contentKey !== contentKey);
  if (missing) return 'build';
  const tasks = (run.status?.childReferences ?? []).map(({ pipelineTaskName = '' }) => pipelineTaskName);
  const reached = tasks.map(partOf);
  return RESTART_PARTS.findLast((part) => part === restartAt || reached.includes(part)) ?? 'build';
}

/** By the names of the pipeline's tasks; the hook before the tests prepares the pods, so it counts as `deploy`. */
function partOf(task: string): RestartPart {
  if (task === 'test' || task === 'hook-post-test') return 'test';
  return task.startsWith('deploy-') || task === 'hook-pre-test' ? 'deploy' : 'build';
}
