/** Step resolve-stack: what a run of the stack would do, as results; nothing is built or deployed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_RECORD_KEYS, UNKNOWN_REVISION, type Plan } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { openGitEnvironment } from '../git/git-environment.ts';
import { createGit, withoutCredentials } from '../git/git.ts';
import { renderRunRecord } from '../kubernetes/render-run-record.ts';
import { createRunRecord } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { parseEnv } from '../parse-env.ts';
import { platformEnv } from '../prepare/platform-env.ts';
import { readPlatformFiles, type PlatformFiles } from '../prepare/read-platform-files.ts';
import { recordProvenance } from '../prepare/record-provenance.ts';
import { requirePlan } from '../prepare/require-plan.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { fitResults } from './fit-results.ts';
import { stackResults, type StackResults } from './stack-results.ts';

const envSchema = z.object({
  ...platformEnv,
  /** Where each result is written. */
  APP_LIST_RESULT: field.text,
  ENTRY_APP_RESULT: field.text,
  PROPAGATION_CHAIN_RESULT: field.text,
  BUILD_APPS_RESULT: field.text,
  INTERCEPT_HEADER_VALUE_RESULT: field.text,
  RESOLVED_VERSIONS_RESULT: field.text,
});
type ResolveEnv = z.infer<typeof envSchema>;

const readFiles = async (context: StepContext, env: ResolveEnv): Promise<PlatformFiles> => {
  const scratch = await mkdtemp(join(tmpdir(), 'resolve-stack-'));
  try {
    await using gitEnvironment = await openGitEnvironment(context.env, env.SSH_KEY_PATH);
    return await readPlatformFiles({
      git: createGit(gitEnvironment.variables, context.signal),
      url: env.GIT_URL,
      revision: env.GIT_REVISION,
      stackFile: env.STACK_FILE,
      versionsFile: env.VERSIONS_FILE,
      directory: join(scratch, 'platform'),
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/** As `tekton-dag stack plan`: no app is fetched, so no commit is known. With a pull request it is that one's plan. */
const previewPlan = (env: ResolveEnv, { stack, versions }: PlatformFiles): Plan => {
  const isPullRequest = env.PR_NUMBER !== '';
  const repository = env.PR_REPOSITORY || stack.apps.find(({ name }) => name === env.CHANGED_APP[0])?.repo;
  return requirePlan({
    mode: isPullRequest ? 'pr' : 'merge',
    team: env.TEAM,
    stack,
    versions,
    overrides: env.VERSION_OVERRIDES,
    changedApps: env.CHANGED_APP,
    revisions: Object.fromEntries(stack.apps.map(({ name }) => [name, UNKNOWN_REVISION])),
    registry: env.IMAGE_REGISTRY,
    ...(isPullRequest ? { pullRequest: Number(env.PR_NUMBER) } : {}),
    ...(repository === undefined ? {} : { repository }),
    host: env.FORGE_HOST,
    forceRebuild: false,
    interceptBackend: 'gateway',
    maxParallelBuilds: 5,
    defaultNamespace: 'staging',
  });
};

const resultPathsOf = (env: ResolveEnv): Readonly<Record<keyof StackResults, string>> => ({
  'app-list': env.APP_LIST_RESULT,
  'entry-app': env.ENTRY_APP_RESULT,
  'propagation-chain': env.PROPAGATION_CHAIN_RESULT,
  'build-apps': env.BUILD_APPS_RESULT,
  'intercept-header-value': env.INTERCEPT_HEADER_VALUE_RESULT,
  'resolved-versions': env.RESOLVED_VERSIONS_RESULT,
});

const writeResults = async (context: StepContext, env: ResolveEnv, plan: Plan): Promise<void> => {
  const results = stackResults(plan);
  const pointer = `see ${RUN_RECORD_KEYS.plan} of ConfigMap ${env.RUN_NAME}`;
  const fitting = fitResults(results, pointer);
  for (const [name, path] of Object.entries(resultPathsOf(env))) {
    await writeFile(path, fitting[name] ?? '');
  }
  for (const [name, value] of Object.entries(results)) say(context, `${name}: ${value}`);
};

/** Writes the run record with `plan.json` and `provenance.json`, and the results; one that is too long for Tekton says where it is instead. */
export const resolveStack = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const files = await readFiles(context, env);
  say(context, `stack ${files.stack.name} at ${files.sha}`);
  const plan = previewPlan(env, files);
  await withKubeClient(context, async (client) => {
    const platform = { url: withoutCredentials(env.GIT_URL), revision: files.sha };
    const parts = await recordProvenance(client, env, platform);
    await createRunRecord(client, renderRunRecord(env, { mode: 'verify', plan, parts }));
  });
  await writeResults(context, env, plan);
};
