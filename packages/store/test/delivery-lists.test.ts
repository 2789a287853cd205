/** What can be asked of the stored deliveries. */

import { expect, it } from 'vitest';
import type { Delivery, DeliveryQuery, Page } from '../src/index.ts';
import { describeDatabases } from './describe-databases.ts';
import { newDelivery } from '../src/testing/new-delivery.ts';

const idsOf = ({ items }: Page<Delivery>) => items.map(({ id }) => id);

describeDatabases('lists of deliveries', (current) => {
  it('keep what came with a delivery', async () => {
    const { deliveries } = current().store;
    const came = {
      teams: ['a', 'b'],
      forge: 'gitea',
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
      secretName: 'acme',
      gapFilled: true,
    };
    const delivery = newDelivery(came);
    await deliveries.insert(delivery);
    expect(await deliveries.get(delivery)).toMatchObject({ ...came, outcome: undefined, hasPayload: true });
    await deliveries.finish(delivery, '{"kind":"runs"}');
    expect(await deliveries.get(delivery)).toMatchObject({ state: 'done', outcome: '{"kind":"runs"}' });
  });

  it('are paged, newest first, each delivery once', async () => {
    const { deliveries } = current().store;
    const sent = Array.from({ length: 7 }, () => newDelivery());
    for (const delivery of sent) await deliveries.insert(delivery);
    const first = await deliveries.list({ limit: 3 });
    const second = await deliveries.list({ limit: 3, after: first.next });
    const third = await deliveries.list({ limit: 3, after: second.next });
    expect([first, second, third].flatMap(idsOf)).toEqual(sent.map(({ id }) => id).toReversed());
    expect(third.next).toBeUndefined();
  });

  it('are of a state, a host, a repository, an event, a time, and of the teams that may see them', async () => {
    const { deliveries } = current().store;
    const base = newDelivery({ teams: ['alpha', 'beta'], receivedAtMs: 5_000 });
    const push = newDelivery({ event: 'push', host: 'gitea.example', teams: ['alph'], receivedAtMs: 6_000 });
    const ignored = newDelivery({ state: 'ignored', repository: 'acme/other', receivedAtMs: 7_000 });
    for (const delivery of [base, push, ignored]) await deliveries.insert(delivery);
    const list = async (query: Partial<DeliveryQuery>) =>
      idsOf(await deliveries.list({ limit: 9, ...query }));
    expect(await list({ states: ['pending'] })).toEqual([push.id, base.id]);
    expect(await list({ states: [] })).toEqual([]);
    expect(await list({ host: 'gitea.example' })).toEqual([push.id]);
    expect(await list({ repository: 'ACME/other' })).toEqual([ignored.id]);
    expect(await list({ event: 'push' })).toEqual([push.id]);
    expect(await list({ sinceMs: 6_000, untilMs: 7_000 })).toEqual([push.id]);
    expect(await list({ teams: ['alpha'] })).toEqual([base.id]);
    expect(await list({ teams: ['beta', 'alph'] })).toEqual([push.id, base.id]);
    expect(await list({ teams: ['ALPHA', 'alp%', ''] })).toEqual([]);
    expect(await list({ teams: [] })).toEqual([]);
    expect(await list({ teams: undefined })).toHaveLength(3);
  });

  it('know which of some keys are stored, in whatever state', async () => {
    const { deliveries } = current().store;
    const [known, ignored] = [newDelivery(), newDelivery({ state: 'ignored' })];
    await deliveries.insert(known);
    await deliveries.insert(ignored);
    const asked = [known, ignored, newDelivery(), { ...known, host: 'gitea.example' }];
    const found = await deliveries.findKnown(asked.map(({ host, id }) => ({ host, id })));
    expect(found.map(({ id }) => id).toSorted()).toEqual([known.id, ignored.id].toSorted());
    expect(await deliveries.findKnown([])).toEqual([]);
    expect(await deliveries.receivedRange('gitea.example')).toBeUndefined();
    expect(await deliveries.receivedRange('github.com')).toEqual({ oldestMs: 2_000, newestMs: 2_000 });
  });

  it('tell what was said of one subject, newest first', async () => {
    const { deliveries } = current().store;
    const older = newDelivery({ subject: 's', occurredAtMs: 1 });
    const newer = newDelivery({ subject: 's', occurredAtMs: 2, state: 'ignored', reason: 'draft' });
    for (const delivery of [newer, older, newDelivery()]) await deliveries.insert(delivery);
    const told = await deliveries.listOfSubject('s', 5);
    expect(told.map(({ id, reason }) => [id, reason])).toEqual([
      [newer.id, 'draft'],
      [older.id, undefined],
    ]);
  });

  it('take an ignored id anew with the same body, and refuse it with another', async () => {
    const { deliveries } = current().store;
    const ignored = newDelivery({ state: 'ignored', reason: 'unknown-repository' });
    await deliveries.insert(ignored);
    expect(await deliveries.readPayload(ignored)).toBeUndefined();
    const other = { ...ignored, body: Buffer.from('{}') };
    expect(await deliveries.insert(other)).toMatchObject({ kind: 'conflict' });
    const anew = { ...newDelivery({ ...ignored, state: 'pending' }), teams: ['alpha'] };
    expect(await deliveries.insert(anew)).toEqual({ kind: 'inserted' });
    expect(await deliveries.insert(anew)).toMatchObject({ kind: 'duplicate', stored: { teams: ['alpha'] } });
    expect(await deliveries.readPayload(ignored)).toBeDefined();
  });
});
