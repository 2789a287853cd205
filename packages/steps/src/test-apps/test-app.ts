/** Tests one app at its commit, through a proxy that adds the session. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { junitKeyOf, parseTraceparent, type PlannedTest } from '@tekton-dag/model';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { sessionHeaders, sessionOfPlan } from '../traffic/session-headers.ts';
import { planPrograms } from './plan-programs.ts';
import { runTestProgram, type TestResult } from './run-test-program.ts';
import { outputDirectory, sourceDirectory, type TestJob } from './test-job.ts';

export interface TestRoom {
  readonly context: StepContext;
  readonly job: TestJob;
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

/** Tools that trace what they do take their parent from it (OpenTelemetry, environment variables as carriers). */
const traceVariables = (traceparent = ''): Record<string, string> =>
  parseTraceparent(traceparent) === undefined ? {} : { TRACEPARENT: traceparent };

const runPrograms = async (
  { context, job: { plan } }: TestRoom,
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
      variables: {
        SESSION_HEADER: plan.headerName,
        SESSION_VALUE: sessionOfPlan(plan),
        APP_NAME: test.app,
        ...traceVariables(context.env['TRACEPARENT']),
      },
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

/** Starts the proxy and runs the programs in the app's checkout. */
export const testApp = async (room: TestRoom, test: PlannedTest): Promise<AppTestOutcome> => {
  const { context, job } = room;
  const output = outputDirectory(context.cwd, test.app);
  await mkdir(output, { recursive: true });
  const target = new URL(job.urls[test.app] ?? '');
  const proxy = await context.startSessionProxy({ target, headers: sessionHeaders(job.plan) });
  try {
    const directory = join(sourceDirectory(context.cwd, test.app), test.contextDir);
    return await runPrograms(room, test, { directory, output, baseUrl: proxy.url });
  } finally {
    await proxy.close();
  }
};
