/** A Postgres that shuts down while we connect: it takes the connection and ends it in the same breath. */

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { openStore } from '../src/index.ts';

/** A message of the frontend/backend protocol, version 3 (PostgreSQL docs, "Message Formats"). */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const WELCOME = [message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))];
const FAREWELL = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

it('a farewell right behind the welcome ends the statement, not the process', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([...WELCOME, FAREWELL])));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const opening = openStore({ url: `postgres://user@127.0.0.1:${port}/none` });
  await expect(opening).rejects.toMatchObject({ code: 'STORE_UNOPENABLE' });
  server.close();
  await once(server, 'close');
});
