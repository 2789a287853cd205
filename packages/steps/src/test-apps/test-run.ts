/**
 * Step test-run: the entry apps' tests, then those of all other apps, through the pull request's code. It executes what
 * the apps' repositories say, so it has no credentials at all.
 */
import { mapBounded } from '../map-bounded.ts';
import type { StepContext } from '../step-context.ts';
import { fitReports } from './fit-reports.ts';
import { orderTests } from './plan-programs.ts';
import { testApp, type AppTestOutcome, type TestRoom } from './test-app.ts';
import { readTestJob, writeTestOutcome } from './test-job.ts';

const PARALLEL_APPS = 2;
/** All reports together; what does not fit is left out, the totals stay. */
const MAX_REPORTS_BYTES = 300_000;

const runAll = async (room: TestRoom): Promise<AppTestOutcome[]> => {
  const { entry, rest } = orderTests(room.job.plan.tests);
  const first = await mapBounded(entry, PARALLEL_APPS, async (test) => await testApp(room, test));
  const second = await mapBounded(rest, PARALLEL_APPS, async (test) => await testApp(room, test));
  return [...first, ...second];
};

/** Succeeds when the programs could be run, whatever they said: the step after it judges. */
export const testRun = async (context: StepContext): Promise<void> => {
  const job = await readTestJob(context.cwd);
  const outcomes = await runAll({ context, job });
  const reports = fitReports(
    outcomes.map((outcome) => outcome.reports),
    MAX_REPORTS_BYTES,
  );
  await writeTestOutcome(context.cwd, { results: outcomes.flatMap(({ results }) => results), reports });
};
