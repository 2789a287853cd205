/** Step prepare: reads the stack at the pinned revision, pins every app to a commit, and writes the plan. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '@tekton-dag/model';
import { openGitEnvironment } from '../git/git-environment.ts';
import { createGit } from '../git/git.ts';
import { renderRunRecord } from '../kubernetes/render-run-record.ts';
import { createRunRecord } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { makePlan } from './make-plan.ts';
import { neededApps } from './needed-apps.ts';
import { prepareEnvSchema, type PrepareEnv } from './prepare-env.ts';
import { readPlatformFiles } from './read-platform-files.ts';
import { resolveApps } from './resolve-apps.ts';

const planIn = async (context: StepContext, env: PrepareEnv, scratch: string): Promise<Plan> => {
  await using gitEnvironment = await openGitEnvironment(context.env, env.SSH_KEY_PATH);
  const git = createGit(gitEnvironment.variables, context.signal);
  const files = await readPlatformFiles({
    git,
    url: env.GIT_URL,
    revision: env.GIT_REVISION,
    stackFile: env.STACK_FILE,
    versionsFile: env.VERSIONS_FILE,
    directory: join(scratch, 'platform'),
  });
  say(context, `stack ${files.stack.name} at ${files.sha}`);
  const selection = { mode: env.MODE, changedApps: env.CHANGED_APP, apps: env.APPS };
  const revisions = await resolveApps(neededApps(files.stack, selection), {
    git,
    gitBaseUrl: env.GIT_BASE_URL,
    appRevisions: env.APP_REVISIONS,
    defaultRevision: env.DEFAULT_REVISION,
    scratch,
  });
  return makePlan({ env, ...files, revisions });
};

const describePlan = (context: StepContext, plan: Plan): void => {
  for (const { app, repository, revision } of plan.buildApps)
    say(context, `build ${app}: ${repository} at ${revision}`);
  for (const { caller, callee } of plan.requiredEdges)
    say(context, `the session must cross ${caller} -> ${callee}`);
  if (plan.session !== undefined) say(context, `session ${plan.session} (${plan.headerName})`);
};

/** Writes the run record with `plan.json`. */
export const prepare = async (context: StepContext): Promise<void> => {
  const env = parseEnv(prepareEnvSchema, context.env);
  const scratch = await mkdtemp(join(tmpdir(), 'prepare-'));
  try {
    const plan = await planIn(context, env, scratch);
    describePlan(context, plan);
    const record = renderRunRecord(env, { mode: env.MODE, plan });
    await withKubeClient(context, async (client) => await createRunRecord(client, record));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
