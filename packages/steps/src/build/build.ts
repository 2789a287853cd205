/** Step build: a pool of TaskRuns, one per app to build; the next starts as one ends. */
import {
  contentTagOf,
  RUN_RECORD_KEYS,
  type Images,
  type Plan,
  type PipelineRun,
  type PlannedBuild,
} from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import { awaitPodEnd } from '../kubernetes/await-pod-end.ts';
import { pipelineRuns } from '../kubernetes/run-kinds.ts';
import { readPlan, writeRunRecord, type RunIdentity } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { runTaskRun } from '../kubernetes/run-task-run.ts';
import { readTaskRunResult } from '../kubernetes/task-run-outcome.ts';
import { mapBounded } from '../map-bounded.ts';
import { parseEnv } from '../parse-env.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { cancelTaskRuns } from '../kubernetes/cancel-task-runs.ts';
import { buildEnvSchema, type BuildEnv } from './build-env.ts';
import { readMadeImages } from './read-made-images.ts';
import { renderBuildTaskRun } from './render-build-task-run.ts';

type Image = Images[string];

interface BuildRoom {
  readonly context: StepContext;
  readonly client: KubeClient;
  readonly run: RunIdentity;
  readonly owner: PipelineRun;
  readonly plan: Plan;
  readonly env: BuildEnv;
  /** App to image, as far as they are there. */
  readonly made: Map<string, Image>;
}

const tagsOf = (build: PlannedBuild, run: string): string[] => [
  ...new Set([contentTagOf(build.contentKey), ...build.tags, run]),
];

/** The image of the same content, given this run's name; undefined when there is none. */
const reuse = async ({ context, run }: BuildRoom, build: PlannedBuild): Promise<Image | undefined> => {
  const { client, repository } = await openRegistry(context, build.image);
  const stored = await client.getManifest(repository, contentTagOf(build.contentKey));
  if (stored === undefined) return undefined;
  await client.tag(repository, stored, [run.name]);
  return { image: build.image, digest: stored.digest, contentKey: build.contentKey, reused: true };
};

/** What need not be built: the run that is continued made it, or the registry has the same content. */
const findMade = async (room: BuildRoom, build: PlannedBuild): Promise<Image | undefined> => {
  const { context, plan } = room;
  const made = room.made.get(build.app);
  if (made !== undefined) {
    say(context, `${build.app}: kept ${made.image}@${made.digest}`);
    return made;
  }
  const reused = plan.forceRebuild ? undefined : await reuse(room, build);
  if (reused !== undefined) say(context, `${build.app}: reused ${build.image}@${reused.digest}`);
  return reused;
};

const buildOne = async (room: BuildRoom, build: PlannedBuild, signal: AbortSignal): Promise<Image> => {
  const found = await findMade(room, build);
  if (found !== undefined) return found;
  const { context, client, run, env, plan, owner } = room;
  say(context, `${build.app}: building ${build.repository} at ${build.revision}`);
  const taskRun = renderBuildTaskRun(build, {
    plan,
    owner,
    tags: tagsOf(build, run.name),
    env,
  });
  const startedMs = performance.now();
  const ended = await runTaskRun(client, taskRun, {
    what: `build of ${build.app}`,
    code: 'BUILD_FAILED',
    signal,
    onWaiting: (reason) => say(context, `build of ${build.app} waits: ${reason}`),
  });
  if (plan.buildApps.length > plan.maxParallelBuilds) await awaitPodEnd(client, ended, signal);
  const digest = readTaskRunResult(ended, 'IMAGE_DIGEST');
  if (digest === undefined) {
    throw new StepFailure(`build of ${build.app} has no result IMAGE_DIGEST`, { code: 'BUILD_FAILED' });
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  say(context, `${build.app}: built ${build.image}@${digest} in ${seconds} s`);
  return { image: build.image, digest, contentKey: build.contentKey, reused: false };
};

/** The first build that fails ends the others: nobody would deploy them. */
const buildOrAbort = async (room: BuildRoom, build: PlannedBuild, failed: AbortController): Promise<void> => {
  const signal = AbortSignal.any([room.context.signal, failed.signal]);
  try {
    room.made.set(build.app, await buildOne(room, build, signal));
  } catch (error) {
    failed.abort();
    throw error;
  }
};

const buildAll = async (room: BuildRoom): Promise<void> => {
  const { buildApps, maxParallelBuilds } = room.plan;
  const failed = new AbortController();
  try {
    await mapBounded(buildApps, maxParallelBuilds, async (build) => await buildOrAbort(room, build, failed));
  } catch (error) {
    const cancelled = await cancelTaskRuns(room.client, room.run);
    if (cancelled.length > 0) say(room.context, `cancelled ${cancelled.length} other build(s)`);
    throw error;
  }
};

const writeImages = async ({ client, run, plan, made }: BuildRoom): Promise<void> => {
  const images = plan.buildApps.flatMap(({ app }) => {
    const image = made.get(app);
    return image === undefined ? [] : [[app, image] as const];
  });
  await writeRunRecord(client, run, {
    [RUN_RECORD_KEYS.images]: JSON.stringify(Object.fromEntries(images)),
  });
};

/** Writes `images.json`: app to `{image, digest, contentKey, reused}`; when a build fails, those that were made. */
export const build = async (context: StepContext): Promise<void> => {
  const env = parseEnv(buildEnvSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  await withKubeClient(context, async (client) => {
    const plan = await readPlan(client, run);
    const owner = await client.resource(pipelineRuns, run.namespace).get(run.name);
    if (owner === undefined) {
      throw new StepFailure(`PipelineRun ${run.namespace}/${run.name} does not exist`, {
        code: 'RUN_MISSING',
      });
    }
    const made = await readMadeImages(client, run, plan);
    const room = { context, client, run, owner, plan, env, made };
    try {
      await buildAll(room);
    } finally {
      await writeImages(room);
    }
  });
};
