/** No statement of the store reads a whole table: what it does on a long history is asked of SQLite's planner. */

import { DatabaseSync } from 'node:sqlite';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore, type Store } from '../src/index.ts';
import { newDelivery } from '../src/testing/new-delivery.ts';
import { newRun } from '../src/testing/index.ts';

/** Small by their nature, or read as a whole on purpose. */
const SMALL =
  /^SCAN (chosen|ended|counters|cursors|test_plan_\w+|\(subquery-\d+\)|CONSTANT ROW|\d+ CONSTANT ROWS)/;
const BARE_SCAN = /^SCAN (?!.*USING)/;

it('every statement on a growing table goes by an index', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-store-'));
  const path = join(directory, 'store.sqlite');
  const statements = new Set<string>();
  const store = await openStore({
    url: `sqlite:${path}`,
    onStatement: ({ sql }) => void statements.add(sql),
  });
  // The migrations may: they run once.
  statements.clear();
  await useEverything(store);
  await store.close();
  const database = new DatabaseSync(path);
  const plans = [...statements]
    .filter((text) => /^(select|update|delete|with)/i.test(text))
    .map((text) => ({ text, steps: database.prepare(`explain query plan ${text}`).all() }));
  database.close();
  await rm(directory, { recursive: true });
  const scans = plans.flatMap(({ text, steps }) =>
    steps
      .map(({ detail }) => String(detail))
      .filter((step) => BARE_SCAN.test(step) && !SMALL.test(step))
      .map((step) => `${step}: ${text}`),
  );
  expect(plans.length).toBeGreaterThan(30);
  expect(scans).toEqual([]);
});

async function useEverything(store: Store): Promise<void> {
  const old = { olderThanMs: 1, keepAtMost: 10 };
  const claim = { owner: 'one', nowMs: 1, leaseMs: 1, limit: 1 };
  await useDeliveries(store, old, claim);
  await useConversation(store, old, claim);
  const run = newRun();
  await store.runs.upsert(run);
  await store.runs.get(run);
  await store.runs.setEvidence(run, '{}');
  const { next } = await store.runs.list({ limit: 1 });
  await store.runs.list({ limit: 1, teams: ['a'], after: next });
  await store.runs.listOfPullRequest({ repository: 'a/b', pullRequest: 1 });
  await store.runs.listOpen();
  await store.runs.prune(old);
  await store.audit.list({ limit: 1 });
  await store.audit.prune(old);
  await store.idempotency.prune(old);
  await store.events.append({ id: 'e', type: 't', subject: 's', team: 't', timeMs: 1, data: '{}' });
  await store.events.read({ afterSeq: 0, limit: 1, teams: ['t'] });
  await store.events.prune(old);
}

interface Old {
  readonly olderThanMs: number;
  readonly keepAtMost: number;
}

interface Claim {
  readonly owner: string;
  readonly nowMs: number;
  readonly leaseMs: number;
  readonly limit: number;
}

async function useDeliveries({ deliveries }: Store, old: Old, claim: Claim): Promise<void> {
  const delivery = newDelivery();
  await deliveries.insert(delivery);
  await deliveries.insert(delivery);
  const stored = await deliveries.get(delivery);
  if (stored === undefined) throw new Error('it was stored');
  await deliveries.readPayload(delivery);
  await deliveries.findKnown([delivery]);
  await deliveries.claim(claim);
  await deliveries.retry(delivery, { notBeforeMs: 1, reason: 'r' });
  await deliveries.releaseClaims('one');
  await deliveries.hasNewer(stored, ['opened']);
  await deliveries.queueDepth();
  await deliveries.finish(delivery);
  await deliveries.list({ limit: 1, teams: ['a'], repository: 'a/b' });
  await deliveries.listOfSubject('s', 1);
  await deliveries.receivedRange();
  await deliveries.prune(old);
  await deliveries.prunePayloads(old);
}

async function useConversation({ pullRequests, reports }: Store, old: Old, claim: Claim): Promise<void> {
  const key = { host: 'h', repository: 'a/b', number: 1 };
  const report = { host: 'h', repository: 'a/b', pullRequest: 1, owner: 'one' };
  await pullRequests.setHold(key, { by: 'ann', atMs: 1 });
  await pullRequests.clearHold(key);
  await pullRequests.get(key);
  await pullRequests.dependentsOf(key);
  await pullRequests.prune(old);
  await reports.request(report, { headSha: 'h', nowMs: 1 });
  await reports.claim(claim);
  await reports.retry(report, { notBeforeMs: 1, error: 'e' });
  await reports.giveUp(report, { version: 1, error: 'e' });
  await reports.get(report);
  await reports.releaseClaims('one');
  await reports.depth();
  await reports.prune(old);
}
