/** Step test: the entry apps' tests, then those of all other apps, through the pull request's code. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_RECORD_KEYS, type TestsVerdict } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { openGitEnvironment } from '../git/git-environment.ts';
import { createGit } from '../git/git.ts';
import { runEnv } from '../kubernetes/run-env.ts';
import { readIntercepts, readPlan, writeRunRecord } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { mapBounded } from '../map-bounded.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { requireTaps } from '../traffic/require-tap.ts';
import { orderTests } from './plan-programs.ts';
import { testApp, type AppTestOutcome, type TestRoom } from './test-app.ts';

const envSchema = z.object({ ...runEnv, GIT_BASE_URL: field.text, SSH_KEY_PATH: field.optionalText });

const PARALLEL_APPS = 2;
/** All reports together; what does not fit is left out, the totals stay. */
const MAX_REPORTS_BYTES = 300_000;

const runAll = async (room: TestRoom): Promise<AppTestOutcome[]> => {
  const { entry, rest } = orderTests(room.plan.tests);
  const first = await mapBounded(entry, PARALLEL_APPS, async (test) => await testApp(room, test));
  const second = await mapBounded(rest, PARALLEL_APPS, async (test) => await testApp(room, test));
  return [...first, ...second];
};

/** Reports in order, as long as they fit. */
export const fitReports = (
  reports: readonly Readonly<Record<string, string>>[],
  maxBytes: number,
): Record<string, string> => {
  const kept: Record<string, string> = {};
  let left = maxBytes;
  for (const [key, xml] of reports.flatMap((part) => Object.entries(part))) {
    left -= Buffer.byteLength(xml);
    if (left >= 0) kept[key] = xml;
  }
  return kept;
};

const failureOf = ({ results }: TestsVerdict): StepFailure | undefined => {
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return undefined;
  const said = failed.map(({ app, kind, detail }) => `${app} ${kind}: ${detail ?? 'failed'}`);
  return new StepFailure(`${failed.length} test program(s) failed: ${said.join('; ')}`, {
    code: 'TESTS_FAILED',
    hint: 'the reports are in the run record, keys junit-<app>.xml',
  });
};

/** Writes `tests.json` and `junit-<app>.xml`, and fails when a program failed. */
export const testApps = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  const scratch = await mkdtemp(join(tmpdir(), 'test-'));
  try {
    await withKubeClient(context, async (client) => {
      const plan = await readPlan(client, run);
      await using gitEnvironment = await openGitEnvironment(context.env, env.SSH_KEY_PATH);
      const git = createGit(gitEnvironment.variables, context.signal);
      const outcomes = await runAll({ context, client, plan, git, gitBaseUrl: env.GIT_BASE_URL, scratch });
      const results = outcomes.flatMap((outcome) => outcome.results);
      if (results.length === 0) say(context, 'no app of the stack has tests');
      const failed = results.some(({ outcome }) => outcome === 'failed');
      const verdict: TestsVerdict = { verdict: failed ? 'failed' : 'passed', results };
      const reports = fitReports(
        outcomes.map((outcome) => outcome.reports),
        MAX_REPORTS_BYTES,
      );
      await writeRunRecord(client, run, { [RUN_RECORD_KEYS.tests]: JSON.stringify(verdict), ...reports });
      // Tests that ran without the intercept say nothing about the pull request, whatever they say.
      await requireTaps(client, await readIntercepts(client, run));
      const failure = failureOf(verdict);
      if (failure !== undefined) throw failure;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
