/** Streams whose client goes at a bad moment: none stays open for nobody. */

import { fastify } from 'fastify';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createEventStreams } from '../src/http/event-stream.ts';
import { untilAborted } from '../src/runs/until-aborted.ts';
import { eventually } from './eventually.ts';

it('ends a stream whose client went before it began', async () => {
  await using app = fastify();
  const streams = createEventStreams();
  const told: string[] = [];
  app.get('/', async (request, reply) => {
    told.push('asked');
    await once(reply.raw, 'close');
    return streams.send(request, reply, async function* produce(signal) {
      await untilAborted(signal);
      told.push('ended');
      yield { data: 'for nobody' };
    });
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const client = new AbortController();
  const asking = fetch(url, { signal: client.signal });
  await eventually(() => told).toEqual(['asked']);
  client.abort();
  await expect(asking).rejects.toThrow();
  await eventually(() => told).toEqual(['asked', 'ended']);
});
