/** readFailedSteps: the last lines of each step that failed. */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import type { TaskRun } from '@tekton-dag/model';

const LOG_LINES = 20;

/** A pod that is gone has no log, and says so. */
export async function readFailedSteps(
  client: KubeClient,
  namespace: string,
  taskRuns: readonly TaskRun[],
): Promise<string[]> {
  const failed = taskRuns.flatMap(({ status }) =>
    (status?.steps ?? [])
      .filter(({ terminated }) => (terminated?.exitCode ?? 0) !== 0)
      .map(({ container = '' }) => ({ pod: status?.podName ?? '', container })),
  );
  return await Promise.all(failed.map((step) => readLog(client, namespace, step)));
}

async function readLog(
  client: KubeClient,
  namespace: string,
  { pod, container }: { readonly pod: string; readonly container: string },
): Promise<string> {
  const lines: string[] = [];
  const logs = client.resource(kinds.pods, namespace).logs(pod, { container, tailLines: LOG_LINES });
  try {
    for await (const line of logs) lines.push(line);
  } catch (error) {
    lines.push(`no log: ${String(error)}`);
  }
  return `${pod} ${container}:\n${lines.join('\n')}`;
}
