/** Step deploy-intercepts-gateway: the pull request's pods, reachable by tagged requests alone. */
import type { Intercepts, PlannedBuild } from '@tekton-dag/model';
import { z } from 'zod';
import { FIELD_MANAGER } from '../kubernetes/field-manager.ts';
import { httpRoutes } from '../kubernetes/run-kinds.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { mapBounded } from '../map-bounded.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { serviceUrl } from '../traffic/service-url.ts';
import { sessionHeaders } from '../traffic/session-headers.ts';
import { awaitTaggedAnswer } from './await-tagged-answer.ts';
import { deployPullRequestPods } from './deploy-pull-request-pods.ts';
import { interceptEnv, openInterceptRoom, type InterceptRoom } from './intercept-room.ts';
import { interceptName, renderInterceptRoute } from './render-intercept.ts';
import { writeIntercepts } from './write-intercepts.ts';

const envSchema = z.object(interceptEnv);
const PARALLEL_INTERCEPTS = 8;

const intercept = async (room: InterceptRoom, build: PlannedBuild): Promise<Intercepts[number]> => {
  const { client, plan, context, env } = room;
  // The route comes when the pods are ready.
  const input = await deployPullRequestPods(room, build);
  const namespace = plan.namespaces[build.app] ?? '';
  await client.resource(httpRoutes, namespace).apply(renderInterceptRoute(input), FIELD_MANAGER);
  const name = interceptName(build.app, input.session);
  const pod = await awaitTaggedAnswer(await serviceUrl(client, namespace, build.app), {
    app: build.app,
    service: name,
    headers: sessionHeaders(plan),
    timeoutMs: env.ARRIVAL_TIMEOUT_SECONDS * 1000,
    signal: context.signal,
  });
  say(context, `${build.app}: requests with ${plan.headerName}: ${input.session} reach pod ${pod}`);
  return { app: build.app, namespace, service: name, deployment: name, route: name, pod };
};

/** Writes `intercepts.json` and result `deployed-pods`. */
export const deployInterceptsGateway = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  await withKubeClient(context, async (client) => {
    const room = await openInterceptRoom(context, client, env);
    const intercepts = await mapBounded(
      room.plan.buildApps,
      PARALLEL_INTERCEPTS,
      async (build) => await intercept(room, build),
    );
    await writeIntercepts(room, intercepts);
  });
};
