/** A claim whose answer, or whose outcome, was lost with the database's connection: it is taken back at once, not after its lease. */

import {
  StoreError,
  type ClaimedDelivery,
  type DeliveryStore,
  type ReportStore,
  type Store,
} from '@tekton-dag/store';
import { newDelivery, openTemporaryStore, type TemporaryStore } from '@tekton-dag/store/testing';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDispatcher, type Dispatcher } from '../src/deliveries/dispatcher.ts';
import { buildRouteTable } from '../src/routing/route-table.ts';
import { createReporter, type ReportOutcome } from '../src/reporting/reporter.ts';
import { eventually } from './eventually.ts';

let temporary: TemporaryStore;
let dispatched: string[];

beforeEach(async () => {
  temporary = await openTemporaryStore();
  dispatched = [];
});
afterEach(async () => temporary[Symbol.asyncDispose]());

const away = new StoreError('STORE_UNAVAILABLE', 'Connection terminated unexpectedly');

/** The method does its work the first time, and the caller never hears of it. */
function loseFirstAnswer(method: 'claim' | 'finish'): Store {
  const { deliveries } = temporary.store;
  let isLost = false;
  const lose = (): void => {
    if (isLost) return;
    isLost = true;
    throw away;
  };
  const losing: DeliveryStore = {
    ...deliveries,
    claim: async (request) => {
      const claimed = await deliveries.claim(request);
      if (method === 'claim' && claimed.length > 0) lose();
      return claimed;
    },
    finish: async (key, outcome) => {
      if (method === 'finish') lose();
      await deliveries.finish(key, outcome);
    },
  };
  return { ...temporary.store, deliveries: losing };
}

function start(store: Store): Dispatcher {
  const dispatcher = createDispatcher({
    store,
    owner: 'one',
    concurrency: 4,
    log: pino({ level: 'silent' }),
    dispatch: async ({ id }: ClaimedDelivery) => {
      dispatched.push(id);
      return { kind: 'done', outcome: { kind: 'closed' } };
    },
  });
  dispatcher.start();
  return dispatcher;
}

async function insert(id: string): Promise<void> {
  await temporary.store.deliveries.insert(newDelivery({ id }));
}

const stateOf = async (id: string): Promise<string | undefined> =>
  (await temporary.store.deliveries.get({ host: 'github.com', id }))?.state;

it.each([
  ['the answer to the claim', 'claim', ['one']],
  ['the word that it is done', 'finish', ['one', 'one']],
] as const)('a delivery is taken up again when %s was lost', async (_, method, expected) => {
  await insert('one');
  await using _dispatcher = start(loseFirstAnswer(method));
  await eventually(() => stateOf('one')).toBe('done');
  expect(dispatched).toEqual(expected);
});

it('a report is taken up again when the answer to the claim was lost', async () => {
  const { store } = temporary;
  let isLost = false;
  const reports: ReportStore = {
    ...store.reports,
    claim: async (request) => {
      const claimed = await store.reports.claim(request);
      if (isLost || claimed.length === 0) return claimed;
      isLost = true;
      throw away;
    },
  };
  const outcomes: ReportOutcome[] = [];
  await using reporter = createReporter({
    store: { ...store, reports },
    forges: { clientFor: () => undefined, kindOf: () => undefined },
    snapshot: () => ({ teams: new Map(), stacks: new Map(), routes: buildRouteTable([], new Map()) }),
    log: pino({ level: 'silent' }),
    owner: 'one',
    publicUrl: undefined,
    reportName: 'tekton-dag',
    onOutcome: (outcome) => void outcomes.push(outcome),
  });
  const pullRequest = { host: 'github.com', repository: 'acme/demo-api', pullRequest: 1 };
  await store.reports.request(pullRequest, { headSha: 'a'.repeat(40), nowMs: 1 });
  reporter.start();
  await eventually(() => outcomes).toEqual(['refused']);
  expect(isLost).toBe(true);
});
