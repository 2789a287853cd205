/** recordEvents: what the run record of a run that ended has to tell: the tests' verdict, and what was released. Pure. */

import { parseRelease, parseTests, RUN_RECORD_KEYS, type Result } from '@tekton-dag/model';
import type { NewEvent, RunRow } from '@tekton-dag/store';
import { makeEvent } from './make-event.ts';

/** `record` is the data of the run record; a part that is missing or of another form tells nothing. */
export function recordEvents(run: RunRow, record: Readonly<Record<string, string>>): readonly NewEvent[] {
  return [...testEvents(run, record), ...releaseEvents(run, record)];
}

function testEvents(run: RunRow, record: Readonly<Record<string, string>>): readonly NewEvent[] {
  const results = read(record[RUN_RECORD_KEYS.tests], parseTests)?.results ?? [];
  if (results.length === 0) return [];
  const failures = results.reduce((sum, result) => sum + result.failures, 0);
  const data = {
    namespace: run.namespace,
    run: run.name,
    stack: run.stack,
    outcome: results.some(({ outcome }) => outcome === 'failed') ? 'fail' : 'pass',
    tests: results.reduce((sum, result) => sum + result.tests, 0),
    failures,
  } as const;
  return [makeEvent('tests.finished', aboutRun(run, ''), data)];
}

function releaseEvents(run: RunRow, record: Readonly<Record<string, string>>): readonly NewEvent[] {
  const apps = read(record[RUN_RECORD_KEYS.release], parseRelease)?.apps ?? {};
  return Object.entries(apps).map(([app, { released: version, image, digest }]) => {
    const data = { namespace: run.namespace, run: run.name, app, version, image, digest };
    return makeEvent('artifact.published', aboutRun(run, app), data);
  });
}

function aboutRun(run: RunRow, part: string) {
  const { namespace, name, team, createdAtMs, finishedAtMs = createdAtMs } = run;
  const occurrence = `${createdAtMs} ${part}`;
  return { subject: `${namespace}/${name}`, team, timeMs: finishedAtMs, occurrence };
}

function read<T>(text: string | undefined, parse: (text: string) => Result<T, unknown>): T | undefined {
  const parsed = text === undefined ? undefined : parse(text);
  return parsed?.ok === true ? parsed.value : undefined;
}
