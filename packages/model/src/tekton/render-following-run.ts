/** renderFollowingRun: the PipelineRun that is made after another: in its place, with its workspaces, account and time limits. */

import { present } from '../present.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { renderPipelineRun, type PipelineRunRequest } from './render-pipeline-run.ts';

/** What differs from the run before. */
export type FollowingRun = Omit<
  PipelineRunRequest,
  'namespace' | 'workspaces' | 'timeouts' | 'serviceAccountName'
>;

/** The object to create, in the namespace of the run before. */
export function renderFollowingRun({ metadata, spec }: PipelineRun, following: FollowingRun): PipelineRun {
  const { workspaces, timeouts, taskRunTemplate, taskRunSpecs } = spec;
  const { namespace = '' } = metadata;
  const run = renderPipelineRun({ ...following, namespace, ...present({ workspaces, timeouts }) });
  return { ...run, spec: { ...run.spec, ...present({ taskRunTemplate, taskRunSpecs }) } };
}
