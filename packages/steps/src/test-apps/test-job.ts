/** What the steps of task test hand on in their common directory: the job, and what came of it. */
import { constants } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, parsePlan, testsSchema, type Plan, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import { StepFailure } from '../step-failure.ts';

export interface TestJob {
  readonly plan: Plan;
  /** App to the base URL of its Service. */
  readonly urls: Readonly<Record<string, string>>;
}

const jobSchema = z.strictObject({ plan: z.string(), urls: z.record(z.string(), z.string()) });

const outcomeSchema = z.strictObject({
  results: testsSchema.shape.results,
  /** Key of the run record to JUnit report. */
  reports: z.record(z.string(), z.string()),
});
export type TestOutcome = z.output<typeof outcomeSchema>;

/** Many times what the step before writes. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

const jobFile = (directory: string): string => join(directory, 'tests', 'job.json');
const outcomeFile = (directory: string): string => join(directory, 'tests', 'outcome.json');

/** Where an app's repository is checked out. */
export const sourceDirectory = (directory: string, app: string): string =>
  join(directory, 'tests', app, 'source');
/** Where an app's test programs may write. */
export const outputDirectory = (directory: string, app: string): string =>
  join(directory, 'tests', app, 'output');

const write = async (path: string, value: unknown): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(value));
};

/** Pull request code has had the directory: a link or a pipe in the file's place is not followed. */
const readOwnFile = async (path: string): Promise<string> => {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  await using file = await open(path, flags);
  const stats = await file.stat();
  if (!stats.isFile() || stats.size > MAX_FILE_BYTES) throw new Error('no file of ours');
  return await file.readFile('utf8');
};

/** The failure quotes nothing of the file: whoever replaced it chose what it says. */
const readJson = async <T>(path: string, schema: z.ZodType<T>): Promise<Result<T, StepFailure>> => {
  try {
    return ok(schema.parse(JSON.parse(await readOwnFile(path))));
  } catch {
    return err(
      new StepFailure(`${path} is missing, or not as the step before this one left it`, {
        code: 'TEST_OUTCOME_INVALID',
        hint: 'the tests of the apps have no business there',
      }),
    );
  }
};

export const writeTestJob = async (directory: string, { plan, urls }: TestJob): Promise<void> =>
  await write(jobFile(directory), { plan: JSON.stringify(plan), urls });

/** Throws TEST_OUTCOME_INVALID. */
export const readTestJob = async (directory: string): Promise<TestJob> => {
  const job = await readJson(jobFile(directory), jobSchema);
  if (!job.ok) throw job.error;
  const plan = parsePlan(job.value.plan);
  if (!plan.ok) throw new StepFailure(plan.error.message, { code: 'RUN_RECORD_INVALID' });
  return { plan: plan.value, urls: job.value.urls };
};

export const writeTestOutcome = async (directory: string, outcome: TestOutcome): Promise<void> =>
  await write(outcomeFile(directory), outcome);

/** Throws TEST_OUTCOME_INVALID. */
export const readTestOutcome = async (directory: string): Promise<TestOutcome> => {
  const outcome = await readJson(outcomeFile(directory), outcomeSchema);
  if (outcome.ok) return outcome.value;
  throw outcome.error;
};
