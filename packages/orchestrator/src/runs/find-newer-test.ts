/** findNewerTest: what a run would push out of its session if it was made again. */

import type { KubeClient } from '@tekton-dag/kube';
import { ANNOTATION, LABEL, type PipelineRun } from '@tekton-dag/model';
import { listOpenTests } from './list-open-tests.ts';

/** A test of a later commit of the same pull request that has not ended; a session has room for one. */
export async function findNewerTest(client: KubeClient, run: PipelineRun): Promise<PipelineRun | undefined> {
  const { namespace = '', labels = {} } = run.metadata;
  const session = labels[LABEL.session];
  if (session === undefined || labels[LABEL.mode] === 'merge') return undefined;
  const open = await listOpenTests(client, { namespace, session });
  return open.find((other) => commitOf(other) !== commitOf(run) && createdAtOf(other) >= createdAtOf(run));
}

const commitOf = ({ metadata }: PipelineRun): string => metadata.annotations?.[ANNOTATION.sha] ?? '';
const createdAtOf = ({ metadata }: PipelineRun): number => Date.parse(metadata.creationTimestamp ?? '');
