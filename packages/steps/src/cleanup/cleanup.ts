/** Step cleanup: removes exactly this run's objects, also when the run never got as far as a plan. */
import { LABEL, parsePlan, RUN_RECORD_KEYS } from '@tekton-dag/model';
import { kinds, type KubeClient, type KubeObject, type ResourceDefinition } from '@tekton-dag/kube';
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

const namespacesOf = async (
  client: KubeClient,
  run: RunIdentity,
  defaultNamespace: string,
): Promise<string[]> => {
  const text = (await readRunRecord(client, run))?.[RUN_RECORD_KEYS.plan];
  const plan = text === undefined ? undefined : parsePlan(text);
  const planned = plan?.ok === true ? Object.values(plan.value.namespaces) : [];
  return [...new Set([defaultNamespace, ...planned])];
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
export const cleanup = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  await withKubeClient(context, async (client) => {
    for (const name of await cancelTaskRuns(client, run)) say(context, `cancelled TaskRun ${name}`);
    for (const namespace of await namespacesOf(client, run, env.DEFAULT_NAMESPACE)) {
      const where = { namespace, run: run.name };
      const deleted = [
        ...(await deleteOwn(client, httpRoutes, where)),
        ...(await deleteOwn(client, kinds.services, where)),
        ...(await deleteOwn(client, kinds.deployments, where)),
      ];
      for (const what of deleted) say(context, `deleted ${what}`);
    }
  });
};
