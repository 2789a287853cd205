/** summarizeEvidence: what is worth keeping of a run record, of bounded size. Pure. */

import {
  junitKeyOf,
  LABEL,
  parseImages,
  parseOriginalTraffic,
  parsePlan,
  parsePropagation,
  parseRelease,
  parseTests,
  RUN_RECORD_KEYS,
  type Condition,
  type Plan,
  type PlannedTest,
  type Result,
  type TaskRun,
} from '@tekton-dag/model';
import { plainText } from './plain-text.ts';
import { readJunitFailures, type TestFailure } from './read-junit-failures.ts';
import type { RunEvidence } from './run-evidence.ts';

/** As many apps as a stack may have, and the edges of a dense one. */
const MAX_APPS = 100;
const MAX_EDGES = 200;
const MAX_FAILED_TASKS = 20;
const MAX_TEST_FAILURES = 50;
/** Tekton's own labels: the task of a pipeline, and the Task that was run. */
const PIPELINE_TASK = 'tekton.dev/pipelineTask';
const TASK = 'tekton.dev/task';
const MAX_NAME = 200;
const MAX_DETAIL = 400;
const MAX_MESSAGE = 1_000;

/** What a run leaves. */
export interface RunRemains {
  /** The data of the run record; undefined when there is none. */
  readonly record: Readonly<Record<string, string>> | undefined;
  /** Of the run's condition. */
  readonly message: string;
  readonly taskRuns: readonly TaskRun[];
}

export function summarizeEvidence({ record, message, taskRuns }: RunRemains): RunEvidence {
  const data = record ?? {};
  const plan = read(data, RUN_RECORD_KEYS.plan, parsePlan);
  return {
    message: plainText(message, MAX_MESSAGE),
    failedTasks: listFailedTasks(taskRuns),
    images: listImages(data, plan),
    ...judgePropagation(data),
    tests: listTests(data),
    testFailures: listTestFailures(data, plan),
    released: listReleased(data),
  };
}

function listFailedTasks(taskRuns: readonly TaskRun[]): RunEvidence['failedTasks'] {
  const failed = taskRuns.filter((taskRun) => conditionOf(taskRun)?.status === 'False');
  return failed.slice(0, MAX_FAILED_TASKS).map((taskRun) => ({
    ...nameTask(taskRun),
    message: plainText(conditionOf(taskRun)?.message ?? '', MAX_DETAIL),
  }));
}

function conditionOf({ status }: TaskRun): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === 'Succeeded');
}

/** A build is made for one app; a task of the pipeline bears the run's app, which says nothing of the task. */
function nameTask({ metadata }: TaskRun): { readonly task: string; readonly app: string } {
  const { labels = {}, name = '' } = metadata;
  const ofPipeline = labels[PIPELINE_TASK];
  if (ofPipeline !== undefined) return { task: plainText(ofPipeline, MAX_NAME), app: '' };
  return { task: plainText(labels[TASK] ?? name, MAX_NAME), app: labels[LABEL.app] ?? '' };
}

/** A part that is missing or of another form counts as missing: the run may have ended before it was written. */
function read<T>(
  data: Readonly<Record<string, string>>,
  key: string,
  parse: (text: string) => Result<T, unknown>,
): T | undefined {
  const text = data[key];
  const parsed = text === undefined ? undefined : parse(text);
  return parsed?.ok === true ? parsed.value : undefined;
}

function listImages(data: Readonly<Record<string, string>>, plan: Plan | undefined): RunEvidence['images'] {
  const images = read(data, RUN_RECORD_KEYS.images, parseImages) ?? {};
  const changed = new Set(plan?.changedApps);
  return Object.entries(images)
    .slice(0, MAX_APPS)
    .map(([app, { reused }]) => ({ app, changed: changed.has(app), reused }));
}

function judgePropagation(
  data: Readonly<Record<string, string>>,
): Pick<RunEvidence, 'edges' | 'appFailures' | 'propagation' | 'originalTraffic'> {
  const propagation = read(data, RUN_RECORD_KEYS.propagation, parsePropagation);
  const original = read(data, RUN_RECORD_KEYS.originalTraffic, parseOriginalTraffic);
  const failures = [...(propagation?.apps ?? []), ...(original?.apps ?? [])].filter(
    ({ verdict }) => verdict === 'failed',
  );
  return {
    edges: (propagation?.edges ?? [])
      .slice(0, MAX_EDGES)
      .map((edge) => ({ ...edge, detail: plainText(edge.detail, MAX_DETAIL) })),
    appFailures: failures
      .slice(0, MAX_APPS)
      .map(({ app, detail }) => ({ app, detail: plainText(detail, MAX_DETAIL) })),
    ...(propagation === undefined ? {} : { propagation: propagation.verdict }),
    ...(original === undefined ? {} : { originalTraffic: original.verdict }),
  };
}

function listTests(data: Readonly<Record<string, string>>): RunEvidence['tests'] {
  const results = read(data, RUN_RECORD_KEYS.tests, parseTests)?.results ?? [];
  return results.slice(0, MAX_APPS).map(({ kind, detail = '', ...result }) => ({
    ...result,
    program: kind,
    detail: plainText(detail, MAX_DETAIL),
  }));
}

function listTestFailures(
  data: Readonly<Record<string, string>>,
  plan: Plan | undefined,
): RunEvidence['testFailures'] {
  const found = (plan?.tests ?? []).flatMap((test) => {
    const failures = readJunitFailures(data[junitKeyOf(test.app)] ?? '', MAX_TEST_FAILURES);
    return failures.map((failure) => describeFailure(test, failure));
  });
  return found.slice(0, MAX_TEST_FAILURES);
}

function describeFailure(
  test: PlannedTest,
  { suite, name, message, file, line }: TestFailure,
): RunEvidence['testFailures'][number] {
  const path = file === undefined ? undefined : placeOf(test.contextDir, file);
  return {
    app: test.app,
    suite: plainText(suite, MAX_NAME),
    name: plainText(name, MAX_NAME),
    message: plainText(message, MAX_MESSAGE),
    ...(path === undefined ? {} : { place: { repository: test.repository, path, line: line ?? 1 } }),
  };
}

/** A path in the repository; undefined where the file is none: absolute, or above the app's directory. */
function placeOf(contextDir: string, file: string): string | undefined {
  const parts = plainText(file, MAX_NAME)
    .split('/')
    .filter((part) => part !== '.' && part !== '');
  if (file.startsWith('/') || parts.length === 0 || parts.includes('..')) return undefined;
  const directory = contextDir.split('/').filter((part) => part !== '.' && part !== '');
  const inside = directory.every((part, index) => parts[index] === part);
  return (inside ? parts : [...directory, ...parts]).join('/');
}

function listReleased(data: Readonly<Record<string, string>>): RunEvidence['released'] {
  const apps = read(data, RUN_RECORD_KEYS.release, parseRelease)?.apps ?? {};
  return Object.entries(apps)
    .slice(0, MAX_APPS)
    .map(([app, { released }]) => ({ app, version: plainText(released, MAX_NAME) }));
}
