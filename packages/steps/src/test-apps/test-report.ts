/** Step test-report: writes what the tests said into the run record, and fails when one failed. */
import { junitKeyOf, RUN_RECORD_KEYS, type Plan, type TestsVerdict } from '@tekton-dag/model';
import { z } from 'zod';
import { runEnv } from '../kubernetes/run-env.ts';
import { readIntercepts, readPlan, writeRunRecord } from '../kubernetes/run-record.ts';
import { withKubeClient } from '../kubernetes/with-kube-client.ts';
import { parseEnv } from '../parse-env.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';
import { requireTaps } from '../traffic/require-tap.ts';
import { readTestOutcome, type TestOutcome } from './test-job.ts';

const envSchema = z.object(runEnv);

const failureOf = ({ results }: TestsVerdict): StepFailure | undefined => {
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return undefined;
  const said = failed.map(({ app, kind, detail }) => `${app} ${kind}: ${detail ?? 'failed'}`);
  return new StepFailure(`${failed.length} test program(s) failed: ${said.join('; ')}`, {
    code: 'TESTS_FAILED',
    hint: 'the reports are in the run record, keys junit-<app>.xml',
  });
};

/** The outcome passed through the hands of the tests: it names no other key of the record than theirs. */
const reportsOf = ({ tests }: Plan, { reports }: TestOutcome): Record<string, string> => {
  const own = new Set(tests.map(({ app }) => junitKeyOf(app)));
  return Object.fromEntries(Object.entries(reports).filter(([key]) => own.has(key)));
};

/** Writes `tests.json` and `junit-<app>.xml`, and fails when a program failed. */
export const testReport = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const run = { namespace: env.RUN_NAMESPACE, name: env.RUN_NAME };
  const outcome = await readTestOutcome(context.cwd);
  await withKubeClient(context, async (client) => {
    const { results } = outcome;
    const failed = results.some((result) => result.outcome === 'failed');
    const verdict: TestsVerdict = { verdict: failed ? 'failed' : 'passed', results };
    const reports = reportsOf(await readPlan(client, run), outcome);
    await writeRunRecord(client, run, { [RUN_RECORD_KEYS.tests]: JSON.stringify(verdict), ...reports });
    // Tests that ran without the intercept say nothing about the pull request, whatever they say.
    await requireTaps(client, await readIntercepts(client, run));
    const failure = failureOf(verdict);
    if (failure !== undefined) throw failure;
  });
};
