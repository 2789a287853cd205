/** A Kubernetes API as a process of its own, each answer `API_DELAY_MS` late; tells its URL on stdout. */

import { startFakeApiServer } from '@tekton-dag/kube/testing';
import { createServer, request } from 'node:http';

const { url } = await startFakeApiServer();
const delayMs = Number(process.env['API_DELAY_MS'] ?? 0);
process.stdout.write(`${delayMs === 0 ? url : await listenLate(url, delayMs)}\n`);

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
