/** checkContinuable: whether a run is one that another can continue. */

import { pipelineNameOf } from '../catalog/pinned-catalog.ts';
import { LABEL } from '../labels.ts';
import { err, ok, type Result } from '../result.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { PIPELINE_OF_MODE } from './render-pipeline-run.ts';

export interface ContinueRefusal {
  readonly reason: 'other-mode' | 'not-finished' | 'succeeded';
  readonly message: string;
  readonly hint: string;
}

/** Ok for a run of a pull request, first or continued, that has ended and did not succeed. */
export function checkContinuable(run: PipelineRun): Result<undefined, ContinueRefusal> {
  const { name = '' } = run.metadata;
  const mode = modeOf(run);
  if (mode !== 'pr' && mode !== 'continue') {
    const hint = 'only runs of pull requests are continued; start this one again';
    return err({ reason: 'other-mode', message: `run ${name} is of mode ${mode}`, hint });
  }
  const status = run.status?.conditions?.find(({ type }) => type === 'Succeeded')?.status;
  if (status === 'True') {
    const hint = 'there is nothing to continue';
    return err({ reason: 'succeeded', message: `run ${name} has succeeded`, hint });
  }
  if (status !== 'False') {
    const hint = 'wait for its end, or cancel it';
    return err({ reason: 'not-finished', message: `run ${name} has not ended yet`, hint });
  }
  return ok(undefined);
}

/** By label; a run that was written by hand may have none, then its pipeline tells. */
function modeOf(run: PipelineRun): string {
  const pipeline = pipelineNameOf(run);
  const known = Object.entries(PIPELINE_OF_MODE).find(([, name]) => name === pipeline);
  return run.metadata.labels?.[LABEL.mode] ?? known?.[0] ?? 'unknown';
}
