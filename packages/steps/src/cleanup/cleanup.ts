/** Step cleanup: removes exactly this run's objects, also when the run never got as far as a plan. */
import { writeFile } from 'node:fs/promises';
import { parsePlan, RUN_RECORD_KEYS, type Plan } from '@tekton-dag/model';
import { isRefusal, kinds, type KubeClient } from '@tekton-dag/kube';
import { z } from 'zod';
import { cancelTaskRuns } from '../kubernetes/cancel-task-runs.ts';
import { field } from '../field.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { pipelineRuns } from '../kubernetes/run-kinds.ts';
import { deployedPodsText } from '../deploy-intercepts/deployed-pods-text.ts';
import { readIntercepts, readRunRecord, type RunIdentity } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import {
  releaseLeases,
  removeRoutedIntercepts,
  removeTaps,
  type RemoveOptions,
} from './remove-intercepts.ts';

const envSchema = z.object({
  ...runEnv,
  DEFAULT_NAMESPACE: field.dnsLabel,
  /** File of result `deployed-pods`; empty: nobody asked. */
  DEPLOYED_PODS_PATH: field.optionalText,
});

/** Undefined when the run has no plan. */
const readPlanIfAny = async (client: KubeClient, run: RunIdentity): Promise<Plan | undefined> => {
  const text = (await readRunRecord(client, run))?.[RUN_RECORD_KEYS.plan];
  const plan = text === undefined ? undefined : parsePlan(text);
  return plan?.ok === true ? plan.value : undefined;
};

/** Who may not look for taps never had the right to make one. */
const unlessForbidden = async (remove: () => Promise<string[]>): Promise<string[]> => {
  try {
    return await remove();
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return [];
    throw error;
  }
};

/** Backend gateway makes no taps. The lease goes last: then nothing is in the way of the next run. */
const cleanNamespace = async (client: KubeClient, plan: Plan, options: RemoveOptions): Promise<string[]> => {
  if (plan.interceptBackend === 'gateway') return await removeRoutedIntercepts(client, options);
  return [
    ...(await unlessForbidden(async () => await removeTaps(client, options))),
    ...(await removeRoutedIntercepts(client, options)),
    ...(await unlessForbidden(async () => await releaseLeases(client, options))),
  ];
};

/** Without a plan nothing was deployed, unless the record was lost: so a namespace that is not ours is no fault. */
const cleanUnplanned = async (client: KubeClient, options: RemoveOptions): Promise<string[]> =>
  await unlessForbidden(async () => await removeRoutedIntercepts(client, options));

/** What was deployed, for who reads the run's results; also of a run that failed. */
const writeDeployedPods = async (client: KubeClient, run: RunIdentity, path: string): Promise<void> => {
  if (path !== '') await writeFile(path, deployedPodsText(await readIntercepts(client, run)));
};

/** Nobody continues a cancelled run, so nobody reads its record again. */
const removeCancelledRecord = async (client: KubeClient, run: RunIdentity): Promise<void> => {
  const owner = await client.resource(pipelineRuns, run.namespace).get(run.name);
  if (owner?.spec.status !== 'CancelledRunFinally') return;
  await client.resource(kinds.configmaps, run.namespace).delete(run.name);
};

/** Deletes what the run made in the namespaces of its plan, and ends its builds. */
export const cleanup = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  await withKubeClient(context, async (client) => {
    for (const name of await cancelTaskRuns(client, run)) say(context, `cancelled TaskRun ${name}`);
    const plan = await readPlanIfAny(client, run);
    const namespaces = new Set(plan === undefined ? [env.DEFAULT_NAMESPACE] : Object.values(plan.namespaces));
    for (const namespace of namespaces) {
      const options = { namespace, run: run.name, signal: context.signal };
      const removed =
        plan === undefined ? cleanUnplanned(client, options) : cleanNamespace(client, plan, options);
      for (const what of await removed) say(context, `deleted ${what}`);
    }
    await writeDeployedPods(client, run, env.DEPLOYED_PODS_PATH);
    await removeCancelledRecord(client, run);
  });
};
