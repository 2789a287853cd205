/** Step test-fetch: what the tests need of the cluster and the forge; the step after it has access to neither. */
import { gitUrlOf, type Plan, type PlannedTest } from '@tekton-dag/model';
import { z } from 'zod';
import { requireRepository } from '../build-app/build-app-fetch.ts';
import { field } from '../field.ts';
import { checkoutCommit } from '../git/checkout-commit.ts';
import { openGitEnvironment } from '../git/git-environment.ts';
import { createGit, type Git } from '../git/git.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { readPlan } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { mapBounded } from '../map-bounded.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { serviceUrl } from '../traffic/service-url.ts';
import { sourceDirectory, writeTestJob } from './test-job.ts';

const envSchema = z.object({ ...runEnv, GIT_BASE_URL: field.text, SSH_KEY_PATH: field.optionalText });
type FetchEnv = z.infer<typeof envSchema>;

const PARALLEL_FETCHES = 4;

interface Checkout {
  readonly git: Git;
  readonly gitBaseUrl: string;
  readonly directory: string;
}

const checkoutApp = async ({ git, gitBaseUrl, directory }: Checkout, test: PlannedTest): Promise<void> => {
  const { repository, revision: sha } = test;
  const url = gitUrlOf(gitBaseUrl, requireRepository(repository));
  await checkoutCommit(git, { url, repository, sha, directory: sourceDirectory(directory, test.app) });
};

const checkoutApps = async (context: StepContext, env: FetchEnv, plan: Plan): Promise<void> => {
  await using gitEnvironment = await openGitEnvironment(context.env, env.SSH_KEY_PATH);
  const git = createGit(gitEnvironment.variables, context.signal);
  const checkout = { git, gitBaseUrl: env.GIT_BASE_URL, directory: context.cwd };
  await mapBounded(plan.tests, PARALLEL_FETCHES, async (test) => await checkoutApp(checkout, test));
};

/** Leaves the job and the apps' repositories in the working directory. */
export const testFetch = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  await withKubeClient(context, async (client) => {
    const plan = await readPlan(client, { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME });
    await checkoutApps(context, env, plan);
    const urls: Record<string, string> = {};
    for (const { app } of plan.tests) {
      urls[app] = await serviceUrl(client, plan.namespaces[app] ?? '', app);
    }
    await writeTestJob(context.cwd, { plan, urls });
    const apps = plan.tests.map(({ app }) => app).join(', ');
    say(context, apps === '' ? 'no app of the stack has tests' : `tests of ${apps}`);
  });
};
