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
  let found: RunningBuild | undefined;
  const look = async (): Promise<boolean> => {
    found = await find();
    return found !== undefined;
  };
  await expect.poll(look, { timeout: timeoutMs, interval: 1_000 }).toBe(true);
  if (found === undefined) throw new Error(`no build of pull request ${number} was seen`);
  return found;
}
