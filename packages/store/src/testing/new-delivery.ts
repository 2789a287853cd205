/** A delivery for tests. */

import { randomUUID } from 'node:crypto';
import type { NewDelivery } from '../delivery-store.ts';

export function newDelivery(fields: Partial<NewDelivery> = {}): NewDelivery {
  return {
    host: 'github.com',
    id: randomUUID(),
    event: 'pull_request',
    action: 'opened',
    repository: 'acme/demo-api',
    subject: `github.com/acme/demo-api#${randomUUID()}`,
    occurredAtMs: 1_000,
    receivedAtMs: 2_000,
    headers: { 'x-github-event': 'pull_request' },
    body: Buffer.from('{"title":"quotes \' \\" $(id) \\n ünï"}'),
    state: 'pending',
    decision: '{"kind":"run"}',
    ...fields,
  };
}
