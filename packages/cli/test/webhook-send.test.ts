import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createCliRig, type CliRig } from './cli-rig.ts';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A forge's counterpart that answers everything with `status`. */
async function startReceiver(
  status: number,
): Promise<{ url: string; received: Received[] } & AsyncDisposable> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.statusCode = status;
      response.end('{"answer":1}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  return {
    url: `http://127.0.0.1:${port}/webhook/github`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

const PAYLOAD = '{ "title": "quotes \\" and $(id) and ü",\n  "n": 1 }\n';

async function send(rig: CliRig, url: string, ...more: string[]) {
  const secret = await rig.file('secret', 'correct horse battery staple\n');
  const payload = await rig.file('payload.json', PAYLOAD);
  return rig.run(['webhook', 'send', '--url', url, '--secret-file', secret, '--payload', payload, ...more]);
}

describe('tekton-dag webhook send', () => {
  it('signs the exact bytes of the payload and prints the answer', async () => {
    await using rig = await createCliRig();
    await using receiver = await startReceiver(202);
    const outcome = await send(rig, receiver.url, '--delivery', 'd-1');
    expect(outcome).toEqual({ code: 0, stdout: '{"answer":1}\n', stderr: '202 for delivery d-1\n' });
    const [delivery] = receiver.received;
    const signature = createHmac('sha256', 'correct horse battery staple').update(PAYLOAD).digest('hex');
    expect(delivery?.body.toString()).toBe(PAYLOAD);
    expect(delivery?.headers).toMatchObject({
      'x-hub-signature-256': `sha256=${signature}`,
      'x-github-event': 'pull_request',
      'x-github-delivery': 'd-1',
      'content-type': 'application/json',
    });
  });

  it('makes up a delivery id, a new one each time', async () => {
    await using rig = await createCliRig();
    await using receiver = await startReceiver(200);
    await send(rig, receiver.url);
    await send(rig, receiver.url);
    const ids = receiver.received.map(({ headers }) => headers['x-github-delivery']);
    expect(new Set(ids).size).toBe(2);
  });

  it.each([
    [401, 3],
    [503, 4],
  ])('turns the answer %i into exit code %i', async (status, code) => {
    await using rig = await createCliRig();
    await using receiver = await startReceiver(status);
    expect(await send(rig, receiver.url)).toMatchObject({ code });
  });

  it('exits 4 when nobody listens, and 3 when the secret cannot be read', async () => {
    await using rig = await createCliRig();
    const receiver = await startReceiver(200);
    await receiver[Symbol.asyncDispose]();
    const away = await send(rig, receiver.url);
    expect(away.code).toBe(4);
    expect(away.stderr).toContain('cannot be reached');
    const blind = await rig.run([
      'webhook',
      'send',
      '--url',
      receiver.url,
      '--secret-file',
      'no',
      '--payload',
      'no',
    ]);
    expect(blind).toMatchObject({ code: 3, stderr: 'error: cannot read no\n' });
  });
});
