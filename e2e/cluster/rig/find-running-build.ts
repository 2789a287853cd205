/** findRunningBuild: waits until the commands of a pull request's build execute. */

import { kinds } from '@tekton-dag/kube';
import { LABEL, type PipelineRun, type TaskRun } from '@tekton-dag/model';
import { expect } from 'vitest';
import type { ClusterRig } from './cluster-rig.ts';

export interface RunningBuild {
  /** Of the PipelineRun. */
  readonly name: string;
  readonly session: string;
}

/** Throws when no such run is at that point in time. */
export async function findRunningBuild(
  { client, namespace }: Pick<ClusterRig, 'client' | 'namespace'>,
  { number, app }: { readonly number: number; readonly app: string },
  timeoutMs: number,
): Promise<RunningBuild> {
  const runs = client.resource<PipelineRun>(kinds.pipelineruns, namespace);
  const builds = client.resource<TaskRun>(kinds.taskruns, namespace);
  const find = async (): Promise<RunningBuild | undefined> => {
    const { items } = await runs.list({ labelSelector: `${LABEL.pullRequest}=${number}` });
    const { name = '', labels = {} } = items[0]?.metadata ?? {};
    if (name === '') return undefined;
    const started = (await builds.list({ labelSelector: `${LABEL.run}=${name},${LABEL.app}=${app}` })).items;
    const isBuilding = started.some(
      ({ spec, status }) =>
        spec.taskRef?.name === 'build-app' && JSON.stringify(status?.steps ?? []).includes('"running"'),
    );
    return isBuilding ? { name, session: labels[LABEL.session] ?? '' } : undefined;
  };
  await expect.poll(find, { timeout: timeoutMs, interval: 1_000 }).toBeDefined();
  const found = await find();
  if (found === undefined) throw new Error(`the build of pull request ${number} is gone`);
  return found;
}
