/** createRun: makes a run exist. */

import { isRefusal, type KubeClient } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import { pipelineRunsIn } from './pipeline-runs.ts';

/** `exists` is a success: names are derived, so whoever made it made the same run. Throws what the API says otherwise. */
export async function createRun(client: KubeClient, run: PipelineRun): Promise<'created' | 'exists'> {
  try {
    await pipelineRunsIn(client, run.metadata.namespace ?? '').create(run);
    return 'created';
  } catch (error) {
    if (isRefusal(error, 'AlreadyExists')) return 'exists';
    throw error;
  }
}
