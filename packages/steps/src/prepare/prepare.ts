/** Step prepare: reads the stack at the pinned revision, pins every app to a commit, and writes the plan. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '@tekton-dag/model';
import { openGitEnvironment } from '../git/git-environment.ts';
import { createGit, withoutCredentials } from '../git/git.ts';
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
import { recordProvenance } from './record-provenance.ts';
import { resolveApps } from './resolve-apps.ts';

interface Prepared {
  readonly plan: Plan;
  /** Commit of the platform repository. */
  readonly sha: string;
}

const planIn = async (context: StepContext, env: PrepareEnv, scratch: string): Promise<Prepared> => {
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
  return { plan: makePlan({ env, ...files, revisions }), sha: files.sha };
};

const describePlan = (context: StepContext, plan: Plan): void => {
  for (const { app, repository, revision } of plan.buildApps)
    say(context, `build ${app}: ${repository} at ${revision}`);
  for (const { caller, callee } of plan.requiredEdges)
    say(context, `the session must cross ${caller} -> ${callee}`);
  if (plan.session !== undefined) say(context, `session ${plan.session} (${plan.headerName})`);
};

/** Writes the run record with `plan.json` and `provenance.json`, and the result platform-revision. */
export const prepare = async (context: StepContext): Promise<void> => {
  const env = parseEnv(prepareEnvSchema, context.env);
  const scratch = await mkdtemp(join(tmpdir(), 'prepare-'));
  try {
    const { plan, sha } = await planIn(context, env, scratch);
    describePlan(context, plan);
    await withKubeClient(context, async (client) => {
      const platform = { url: withoutCredentials(env.GIT_URL), revision: sha };
      const parts = await recordProvenance(client, env, platform);
      await createRunRecord(client, renderRunRecord(env, { mode: env.MODE, plan, parts }));
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
