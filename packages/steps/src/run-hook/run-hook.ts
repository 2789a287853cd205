/** Step run-hook: runs a Task of the team's own at its place in the pipeline, and fails with it. */
import { LABEL, MANAGED_BY, type PipelineRun, type TaskRun } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { childName } from '../kubernetes/child-name.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { pipelineRuns } from '../kubernetes/run-kinds.ts';
import { runTaskRun } from '../kubernetes/run-task-run.ts';
import { traceAnnotations } from '../kubernetes/trace-annotations.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';

const envSchema = z.object({
  ...runEnv,
  HOOK: field.dnsLabel,
  HOOK_TASK: field.objectName,
  TRACEPARENT: field.traceparent,
});

/** The hook gets param `run-name`: everything else is in the run record. */
const renderHookTaskRun = (
  owner: PipelineRun,
  { HOOK: hook, HOOK_TASK: task, TRACEPARENT }: z.infer<typeof envSchema>,
): TaskRun => {
  const { name: run = '', namespace, uid = '' } = owner.metadata;
  const serviceAccountName = owner.spec.taskRunTemplate?.serviceAccountName;
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: {
      // Not `hook-<hook>`: that is the TaskRun of the pipeline's own task, which this step runs in.
      name: childName(run, `${hook}-hook`),
      ...(namespace === undefined ? {} : { namespace }),
      labels: { [LABEL.managedBy]: MANAGED_BY, [LABEL.run]: run },
      annotations: traceAnnotations(TRACEPARENT),
      ownerReferences: [{ apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', name: run, uid }],
    },
    spec: {
      taskRef: { name: task, kind: 'Task' },
      params: [{ name: 'run-name', value: run }],
      ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    },
  };
};

/** A pipeline task cannot name its Task by a param that may be empty (Tekton resolves all of them up front). */
export const runHook = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  await withKubeClient(context, async (client) => {
    const owner = await client.resource(pipelineRuns, env.RUN_NAMESPACE).get(env.RUN_NAME);
    if (owner === undefined) {
      throw new StepFailure(`PipelineRun ${env.RUN_NAMESPACE}/${env.RUN_NAME} does not exist`, {
        code: 'RUN_MISSING',
      });
    }
    const taskRun = renderHookTaskRun(owner, env);
    const what = `hook ${env.HOOK} (Task ${env.HOOK_TASK})`;
    await runTaskRun(client, taskRun, { what, code: 'HOOK_FAILED', signal: context.signal });
    say(context, `${what} succeeded`);
  });
};
