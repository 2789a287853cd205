/** Deploys the intercepts of a run with a tool that steals behind the router: one tap for each app. */
import type { Intercepts, PlannedBuild } from '@tekton-dag/model';
import { isRefusal, kinds } from '@tekton-dag/kube';
import { z } from 'zod';
import { field } from '../field.ts';
import { deployPullRequestPods } from '../deploy-intercepts/deploy-pull-request-pods.ts';
import { interceptEnv, openInterceptRoom, type InterceptRoom } from '../deploy-intercepts/intercept-room.ts';
import { interceptName, type InterceptInput } from '../deploy-intercepts/render-intercept.ts';
import { writeIntercepts } from '../deploy-intercepts/write-intercepts.ts';
import { FIELD_MANAGER } from '../kubernetes/field-manager.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { mapBounded } from '../map-bounded.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { serviceUrl } from '../traffic/service-url.ts';
import { sessionHeaders } from '../traffic/session-headers.ts';
import { acquireInterceptLease } from './acquire-intercept-lease.ts';
import { awaitTap } from './await-tap.ts';
import { renderTapConfigMap, renderTapPod } from './render-tap.ts';
import { tapName } from './tap-names.ts';
import type { TapTool } from './tap-tool.ts';

const envSchema = z.object({
  ...interceptEnv,
  LEASE_TIMEOUT_SECONDS: field.positiveInteger.default(1_800),
  TAP_TIMEOUT_SECONDS: field.positiveInteger.default(120),
});
type TapEnv = z.infer<typeof envSchema>;

/** Each tap is two pods more, beside the pull request's own. */
const PARALLEL_TAPS = 4;

/** The hint for who has not bound the rights that only these backends need. */
const explainForbidden = (error: unknown, namespace: string, tool: TapTool): unknown => {
  if (!isRefusal(error, 'Forbidden')) return error;
  return new StepFailure(
    `intercept-backend ${tool.name} may not work in namespace ${namespace}: ${error.message}`,
    {
      code: 'INTERCEPT_FORBIDDEN',
      hint: `kubectl apply -n ${namespace} -f pipeline/optional/intercept-${tool.name}.yaml`,
      cause: error,
    },
  );
};

const deployTap = async (room: InterceptRoom, tool: TapTool, input: InterceptInput): Promise<void> => {
  const { client, plan, run } = room;
  const namespace = plan.namespaces[input.app.name] ?? '';
  const pods = client.resource(kinds.pods, namespace);
  await client.resource(kinds.configmaps, namespace).apply(renderTapConfigMap(tool, input), FIELD_MANAGER);
  // A pod of an earlier attempt of this step is as good.
  const present = await pods.get(tapName(run.name, input.app.name));
  if (present === undefined) await pods.create(renderTapPod(tool, input));
};

const intercept = async (
  room: InterceptRoom,
  { tool, env, build }: { tool: TapTool; env: TapEnv; build: PlannedBuild },
): Promise<Intercepts[number]> => {
  const { client, plan, context, run } = room;
  const { app } = build;
  const namespace = plan.namespaces[app] ?? '';
  const input = await deployPullRequestPods(room, build);
  await deployTap(room, tool, input);
  const service = interceptName(app, input.session);
  const tap = { pod: tapName(run.name, app), namespace };
  const pod = await awaitTap(client, {
    app,
    run: run.name,
    namespace,
    tap,
    service,
    url: await serviceUrl(client, namespace, app),
    headers: sessionHeaders(plan),
    timeoutMs: env.TAP_TIMEOUT_SECONDS * 1000,
    signal: context.signal,
  });
  say(context, `${app}: ${tool.name} hands requests with ${plan.headerName}: ${input.session} to pod ${pod}`);
  return { app, namespace, service, deployment: service, route: '', pod, tap };
};

const interceptAll = async (room: InterceptRoom, tool: TapTool, env: TapEnv): Promise<Intercepts> => {
  // In one order for every run, so that no two wait for each other.
  const builds = room.plan.buildApps.toSorted((a, b) => a.app.localeCompare(b.app));
  for (const { app } of builds) {
    await acquireInterceptLease(room, { app, timeoutMs: env.LEASE_TIMEOUT_SECONDS * 1000 });
  }
  return await mapBounded(
    builds,
    PARALLEL_TAPS,
    async (build) => await intercept(room, { tool, env, build }),
  );
};

/** Writes `intercepts.json` and result `deployed-pods`. */
export const deployTaps = async (context: StepContext, tool: TapTool): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  await withKubeClient(context, async (client) => {
    const room = await openInterceptRoom(context, client, env);
    try {
      await writeIntercepts(room, await interceptAll(room, tool, env));
    } catch (error) {
      throw explainForbidden(error, Object.values(room.plan.namespaces)[0] ?? '', tool);
    }
  });
};
