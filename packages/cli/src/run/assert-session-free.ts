/** assertSessionFree: refuses a second test run of a pull request beside one that has not ended: they would share its routes. */

import { LABEL, type PipelineRun } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';
import type { Cluster } from '../open-cluster.ts';
import { runsOf } from './pipeline-runs.ts';
import { isDone, runStateOf } from './run-state.ts';

/** `run` is the one to create; that it exists already is no reason. */
export async function assertSessionFree(cluster: Cluster, { metadata }: PipelineRun): Promise<void> {
  const session = metadata.labels?.[LABEL.session];
  if (session === undefined) return;
  const labelSelector = `${LABEL.session}=${session},${LABEL.mode} in (pr,continue)`;
  const { items } = await runsOf(cluster).list({ labelSelector });
  const open = items.find(
    (other) => other.metadata.name !== metadata.name && !isDone(runStateOf(other.status?.conditions)),
  );
  if (open === undefined) return;
  const { name = '' } = open.metadata;
  throw new CliFailure(
    EXIT.invalidInput,
    `run ${name} of the same pull request has not ended`,
    `wait for it, or end it: tekton-dag run cancel ${name} -n ${cluster.namespace}`,
  );
}
