/** Step cleanup: removes exactly this run's objects, also when the run never got as far as a plan. */
import { LABEL, parsePlan, RUN_RECORD_KEYS } from '@tekton-dag/model';
import {
  isRefusal,
  kinds,
  type KubeClient,
  type KubeObject,
  type ResourceDefinition,
} from '@tekton-dag/kube';
import { z } from 'zod';
import { cancelTaskRuns } from '../kubernetes/cancel-task-runs.ts';
import { field } from '../field.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { httpRoutes } from '../kubernetes/run-kinds.ts';
import { readRunRecord, type RunIdentity } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';

const envSchema = z.object({ ...runEnv, DEFAULT_NAMESPACE: field.dnsLabel });

/** Undefined when the run has no plan. */
const plannedNamespaces = async (client: KubeClient, run: RunIdentity): Promise<string[] | undefined> => {
  const text = (await readRunRecord(client, run))?.[RUN_RECORD_KEYS.plan];
  const plan = text === undefined ? undefined : parsePlan(text);
  return plan?.ok === true ? [...new Set(Object.values(plan.value.namespaces))] : undefined;
};

/** Only what bears a session goes: the baseline carries the label of the run that made it, too. */
const deleteOwn = async <T extends KubeObject>(
  client: KubeClient,
  definition: ResourceDefinition<T>,
  { namespace, run }: { namespace: string; run: string },
): Promise<string[]> => {
  const resource = client.resource(definition, namespace);
  const { items } = await resource.list({ labelSelector: `${LABEL.run}=${run},${LABEL.session}` });
  const deleted: string[] = [];
  for (const { metadata } of items) {
    const { name, uid } = metadata ?? {};
    if (name === undefined) continue;
    await resource.delete(name, { propagation: 'Background', ...(uid === undefined ? {} : { uid }) });
    deleted.push(`${definition.kind} ${namespace}/${name}`);
  }
  return deleted;
};

/** Routes go first, so that no request is sent to pods that are going. */
const cleanNamespace = async (
  client: KubeClient,
  where: { namespace: string; run: string },
): Promise<string[]> => [
  ...(await deleteOwn(client, httpRoutes, where)),
  ...(await deleteOwn(client, kinds.services, where)),
  ...(await deleteOwn(client, kinds.deployments, where)),
];

/** Without a plan nothing was deployed, unless the record was lost: so a namespace that is not ours is no fault. */
const cleanUnplanned = async (
  client: KubeClient,
  where: { namespace: string; run: string },
): Promise<string[]> => {
  try {
    return await cleanNamespace(client, where);
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return [];
    throw error;
  }
};

/** Deletes what the run made in the namespaces of its plan, and ends its builds. */
export const cleanup = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  await withKubeClient(context, async (client) => {
    for (const name of await cancelTaskRuns(client, run)) say(context, `cancelled TaskRun ${name}`);
    const planned = await plannedNamespaces(client, run);
    const clean = planned === undefined ? cleanUnplanned : cleanNamespace;
    for (const namespace of planned ?? [env.DEFAULT_NAMESPACE]) {
      const deleted = await clean(client, { namespace, run: run.name });
      for (const what of deleted) say(context, `deleted ${what}`);
    }
  });
};
