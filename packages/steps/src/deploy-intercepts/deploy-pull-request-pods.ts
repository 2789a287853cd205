/** Runs the pull request's pods of one app beside the baseline and waits until they are ready. */
import type { PlannedBuild } from '@tekton-dag/model';
import { kinds } from '@tekton-dag/kube';
import { FIELD_MANAGER } from '../kubernetes/field-manager.ts';
import { waitForRollout } from '../kubernetes/wait-for-rollout.ts';
import { say } from '../say.ts';
import { StepFailure } from '../step-failure.ts';
import { sessionOfPlan } from '../traffic/session-headers.ts';
import { requireApp, requireBaseline, type InterceptRoom } from './intercept-room.ts';
import {
  interceptName,
  renderInterceptDeployment,
  renderInterceptService,
  type InterceptInput,
} from './render-intercept.ts';

const MAX_SERVICE_NAME_LENGTH = 63;

const checkName = (name: string): void => {
  if (name.length <= MAX_SERVICE_NAME_LENGTH) return;
  throw new StepFailure(`Service name ${name} has more than ${MAX_SERVICE_NAME_LENGTH} characters`, {
    code: 'NAME_TOO_LONG',
    hint: 'shorten the name of the app',
  });
};

const readInput = async (room: InterceptRoom, build: PlannedBuild): Promise<InterceptInput> => {
  const { plan, images, run } = room;
  const app = requireApp(plan, build.app);
  const image = images[build.app];
  if (image === undefined) {
    throw new StepFailure(`images.json has no image of ${build.app}`, { code: 'RUN_RECORD_INCOMPLETE' });
  }
  const baseline = await requireBaseline(room, app.name);
  return { plan, app, run: run.name, session: sessionOfPlan(plan), image, sha: build.revision, baseline };
};

/** Services come before pods. Returns what further objects of the intercept are rendered from. */
export const deployPullRequestPods = async (
  room: InterceptRoom,
  build: PlannedBuild,
): Promise<InterceptInput> => {
  const { client, plan, env, context } = room;
  const name = interceptName(build.app, sessionOfPlan(plan));
  checkName(name);
  const input = await readInput(room, build);
  const namespace = plan.namespaces[build.app] ?? '';
  await client.resource(kinds.services, namespace).apply(renderInterceptService(input), FIELD_MANAGER);
  await client.resource(kinds.deployments, namespace).apply(renderInterceptDeployment(input), FIELD_MANAGER);
  const startedMs = performance.now();
  await waitForRollout(client, {
    namespace,
    deployment: name,
    timeoutMs: env.ROLLOUT_TIMEOUT_SECONDS * 1000,
    signal: context.signal,
  });
  say(context, `${build.app}: pods are ready, waited ${Math.round(performance.now() - startedMs)} ms`);
  return input;
};
