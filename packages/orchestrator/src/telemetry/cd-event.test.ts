import type { NewEvent, RunRow } from '@tekton-dag/store';
import { describe, expect, it } from 'vitest';
import { cdEventOf, type CdEvent } from './cd-event.ts';
import { recordEvents } from './record-events.ts';
import { runEvents } from './run-events.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const run: RunRow = {
  namespace: 'ci',
  name: 'stack-merge-7-abc',
  pipeline: 'stack-merge-release',
  mode: 'merge',
  team: 'blue',
  stack: 'shop',
  app: 'api',
  apps: ['api'],
  host: 'github.com',
  repository: 'acme/api',
  pullRequest: 7,
  sha: 'b'.repeat(40),
  attempt: 1,
  delivery: 'd-1',
  traceparent: '',
  provenance: '',
  state: 'cancelled',
  reason: 'Cancelled',
  createdAtMs: 1_000,
  startedAtMs: 2_000,
  finishedAtMs: 3_000,
};
const toCdEvent = (event: NewEvent, publicUrl?: string): CdEvent | undefined =>
  cdEventOf({ ...event, seq: 1 }, { source: 'urn:tekton-dag:ci', publicUrl });

describe('events of a run', () => {
  it('are told once each, whatever is seen in between', () => {
    const types = (before: RunRow | undefined, after: RunRow) =>
      runEvents(before, after).map(({ type }) => type);
    const queued: RunRow = { ...run, startedAtMs: undefined, finishedAtMs: undefined };
    const started: RunRow = { ...run, finishedAtMs: undefined };
    expect(types(undefined, queued)).toEqual(['run.queued']);
    expect(types(queued, started)).toEqual(['run.started']);
    expect(types(started, run)).toEqual(['run.finished']);
    expect(types(undefined, run)).toEqual(['run.queued', 'run.started', 'run.finished']);
    expect(types(run, run)).toEqual([]);
    expect(types(queued, { ...queued, finishedAtMs: 5 })).toEqual(['run.finished']);
  });

  it('have ids that depend on the run and not on who tells', () => {
    const ids = (row: RunRow) => runEvents(undefined, row).map(({ id }) => id);
    expect(ids(run)).toEqual(ids({ ...run }));
    expect(new Set([...ids(run), ...ids({ ...run, namespace: 'other' })]).size).toBe(6);
    expect(ids({ ...run, createdAtMs: 1_001 })).not.toEqual(ids(run));
    for (const id of ids(run))
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('say nothing at the beginning of how it will end', () => {
    const [queued] = runEvents(undefined, run);
    expect(JSON.parse(queued?.data ?? '')).toMatchObject({
      state: 'pending',
      reason: '',
      started: null,
      finished: null,
    });
  });

  it('name an outcome that proves nothing an error', () => {
    const finished = runEvents(undefined, run).at(-1);
    expect(finished === undefined ? undefined : toCdEvent(finished)).toMatchObject({
      context: { type: 'dev.cdevents.pipelinerun.finished.0.2.0', source: 'urn:tekton-dag:ci' },
      subject: { id: 'ci/stack-merge-7-abc', content: { outcome: 'error', errors: 'Cancelled' } },
    });
  });
});

describe('what a run record tells', () => {
  const release = {
    apps: {
      api: { released: '1.2.3', next: '1.2.4-rc.0', image: 'reg.example.com/acme/api', digest: DIGEST },
    },
  };
  const tests = {
    results: [
      { app: 'api', kind: 'postman', outcome: 'failed', tests: 5, failures: 2, durationMs: 1 },
      { app: 'web', kind: 'command', outcome: 'passed', tests: 3, failures: 0, durationMs: 1 },
    ],
  };

  it('is each image that was released, by its package URL', () => {
    const [event] = recordEvents(run, { 'release.json': JSON.stringify(release) });
    expect(event).toMatchObject({ type: 'artifact.published', team: 'blue', timeMs: 3_000 });
    expect(event === undefined ? undefined : toCdEvent(event)).toMatchObject({
      subject: {
        type: 'artifact',
        id: `pkg:oci/api@sha256%3A${'a'.repeat(64)}?repository_url=reg.example.com%2Facme%2Fapi&tag=v1.2.3`,
        content: {},
      },
      customData: { app: 'api', version: '1.2.3', run: 'ci/stack-merge-7-abc', team: 'blue' },
    });
  });

  it('is the verdict of its tests, all programs together', () => {
    const [event] = recordEvents(run, { 'tests.json': JSON.stringify({ verdict: 'failed', ...tests }) });
    expect(event === undefined ? undefined : toCdEvent(event)).toMatchObject({
      context: { type: 'dev.cdevents.testsuiterun.finished.0.2.0' },
      subject: { type: 'testSuiteRun', content: { outcome: 'fail', environment: { id: 'ci' } } },
      customData: { tests: 8, failures: 2 },
    });
  });

  it('is nothing where a part is missing or of another form', () => {
    expect(recordEvents(run, {})).toEqual([]);
    expect(recordEvents(run, { 'release.json': '{"apps":[]}', 'tests.json': 'no JSON' })).toEqual([]);
  });
});

it('has no words for what CDEvents has none for', () => {
  const event = { id: 'x', subject: 's', team: '', timeMs: 1, seq: 1 };
  const installation = { source: 'urn:x', publicUrl: undefined };
  expect(cdEventOf({ ...event, type: 'delivery.decided', data: '{}' }, installation)).toBeUndefined();
  expect(cdEventOf({ ...event, type: 'of.another.version', data: '{}' }, installation)).toBeUndefined();
});
