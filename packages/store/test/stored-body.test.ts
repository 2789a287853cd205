/** How a delivery's body lies in the database: packed, whoever packs it. */

import { expect, it } from 'vitest';
import { openDatabase } from '../src/open-database.ts';
import { unpackBody } from '../src/stored-body.ts';
import { describeDatabases } from './describe-databases.ts';
import { newDelivery } from '../src/testing/new-delivery.ts';

describeDatabases('a stored body', (current) => {
  it('is packed, and nothing where it is not kept', async () => {
    const { store, url } = current();
    const body = Buffer.from(JSON.stringify({ text: 'ünï '.repeat(5_000) }));
    const kept = newDelivery({ body });
    const dropped = newDelivery({ body, state: 'ignored' });
    await Promise.all([store.deliveries.insert(kept), store.deliveries.insert(dropped)]);
    const database = await openDatabase({ url });
    const rows = await database.relaxed
      .selectFrom('deliveries')
      .select(['id', 'body', 'has_payload'])
      .execute();
    await database.destroy();
    const stored = new Map(rows.map((row) => [row.id, row]));
    const packed = stored.get(kept.id)?.body ?? Buffer.alloc(0);
    expect(packed.length).toBeLessThan(body.length / 10);
    expect(Buffer.from(unpackBody(packed)).equals(body)).toBe(true);
    expect(stored.get(dropped.id)).toMatchObject({ has_payload: 0, body: { length: 0 } });
    expect((await store.deliveries.readPayload(kept))?.body).toHaveLength(body.length);
    expect(await store.deliveries.readPayload(dropped)).toBeUndefined();
  });

  it('may be empty', async () => {
    const { store } = current();
    const delivery = newDelivery({ body: Buffer.alloc(0) });
    await store.deliveries.insert(delivery);
    expect((await store.deliveries.readPayload(delivery))?.body).toHaveLength(0);
  });
});
