/** Tests one app at its commit, through a proxy that adds the session. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitUrlOf, junitKeyOf, type Plan, type PlannedTest } from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import { requireRepository } from '../build-app/build-app-fetch.ts';
import { checkoutCommit } from '../git/checkout-commit.ts';
import type { Git } from '../git/git.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { serviceUrl } from '../traffic/service-url.ts';
import { sessionHeaders, sessionOfPlan } from '../traffic/session-headers.ts';
import { planPrograms } from './plan-programs.ts';
import { runTestProgram, type TestResult } from './run-test-program.ts';

export interface TestRoom {
  readonly context: StepContext;
  readonly client: KubeClient;
  readonly plan: Plan;
  readonly git: Git;
  readonly gitBaseUrl: string;
  readonly scratch: string;
}

export interface AppTestOutcome {
  readonly results: TestResult[];
  /** Keys of the run record to JUnit reports. */
  readonly reports: Readonly<Record<string, string>>;
}

/** The run record holds the reports of all apps; one app gets this much. */
const MAX_REPORT_BYTES = 32_768;

const readReport = async (app: string, junitFile: string): Promise<Record<string, string>> => {
  const xml = await readFile(junitFile, 'utf8').catch(() => '');
  return xml === '' || Buffer.byteLength(xml) > MAX_REPORT_BYTES ? {} : { [junitKeyOf(app)]: xml };
};

const runPrograms = async (
  { context, plan }: TestRoom,
  test: PlannedTest,
  { directory, output, baseUrl }: { directory: string; output: string; baseUrl: string },
): Promise<AppTestOutcome> => {
  const results: TestResult[] = [];
  let reports: Record<string, string> = {};
  for (const [index, program] of planPrograms(test.tests).entries()) {
    const junitFile = join(output, `junit-${index}.xml`);
    const outcome = await runTestProgram(program, {
      app: test.app,
      directory,
      baseUrl,
      variables: { SESSION_HEADER: plan.headerName, SESSION_VALUE: sessionOfPlan(plan), APP_NAME: test.app },
      junitFile,
      optional: test.tests.optional ?? false,
      path: context.env['PATH'],
      signal: context.signal,
      onLine: (line) => say(context, `${test.app} | ${line}`),
    });
    results.push(outcome);
    reports = { ...reports, ...(await readReport(test.app, junitFile)) };
    const { kind, outcome: verdict, tests, failures, detail } = outcome;
    say(
      context,
      `${verdict} ${test.app} ${kind}: ${tests} test(s), ${failures} failure(s)${detail === undefined ? '' : `: ${detail}`}`,
    );
  }
  return { results, reports };
};

/** Checks the app's repository out, starts the proxy, runs the programs. */
export const testApp = async (room: TestRoom, test: PlannedTest): Promise<AppTestOutcome> => {
  const { context, client, plan, git, gitBaseUrl, scratch } = room;
  const checkout = join(scratch, test.app, 'source');
  const output = join(scratch, test.app, 'output');
  await mkdir(output, { recursive: true });
  const url = gitUrlOf(gitBaseUrl, requireRepository(test.repository));
  await checkoutCommit(git, { url, repository: test.repository, sha: test.revision, directory: checkout });
  const target = new URL(await serviceUrl(client, plan.namespaces[test.app] ?? '', test.app));
  const proxy = await context.startSessionProxy({ target, headers: sessionHeaders(plan) });
  try {
    return await runPrograms(room, test, {
      directory: join(checkout, test.contextDir),
      output,
      baseUrl: proxy.url,
    });
  } finally {
    await proxy.close();
  }
};
