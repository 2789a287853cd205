/**
 * A Kubernetes API as a process of its own, each answer `API_DELAY_MS` late; tells its URL on stdout. With `FORGETS_RUNS`
 * only the newest runs stay, as on a cluster where what has ended is pruned.
 */

import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { createServer, request } from 'node:http';

const RUNS_PATH = '/apis/tekton.dev/v1/namespaces/tekton-pipelines/pipelineruns';
const KEPT_RUNS = 100;
const FORGET_EVERY_MS = 1_000;

const api = await startFakeApiServer();
const { url } = api;
if (process.env['FORGETS_RUNS'] !== undefined) setInterval(() => void forgetRuns(api), FORGET_EVERY_MS);
const delayMs = Number(process.env['API_DELAY_MS'] ?? 0);
process.stdout.write(`${delayMs === 0 ? url : await listenLate(url, delayMs)}\n`);

async function forgetRuns(api: FakeApiServer): Promise<void> {
  const response = await fetch(`${api.url}${RUNS_PATH}`);
  const list: { readonly items: readonly { readonly metadata: { readonly name: string } }[] } = JSON.parse(
    await response.text(),
  );
  for (const { metadata } of list.items.slice(0, -KEPT_RUNS)) api.remove(RUNS_PATH, metadata.name);
  api.compact();
}

/** In front of `target`: hands requests and answers on, answers after `delayMs`. */
async function listenLate(target: string, delayMs: number): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const onward = request(`${target}${incoming.url ?? '/'}`, { method, headers }, (answer) => {
      setTimeout(() => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }, delayMs);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
  return `http://127.0.0.1:${address.port}`;
}
