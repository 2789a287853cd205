/** FakeCluster: an API server that answers what a test says, for clusters that cannot be had: old, half installed, forbidding. */

import { once } from 'node:events';
import { createServer } from 'node:http';

export interface FakeCluster extends AsyncDisposable {
  readonly url: string;
  /** Path to the object that it answers with; 403 forbids it. What is not here is not found. */
  readonly answers: Map<string, object | 403>;
  /** `verb resource` that reviews of rights refuse. */
  readonly refused: Set<string>;
}

interface Review {
  readonly spec?: { readonly resourceAttributes?: { readonly verb?: string; readonly resource?: string } };
}

const status = (code: number, reason: string): object => ({
  kind: 'Status',
  status: 'Failure',
  code,
  reason,
  message: `${reason} by the test`,
});

/** Has nothing but a version. */
export async function startFakeCluster(): Promise<FakeCluster> {
  const answers = new Map<string, object | 403>([['/version', { gitVersion: 'v1.34.0' }]]);
  const refused = new Set<string>();
  const server = createServer((request, response) => {
    const send = (code: number, body: object): void => {
      response.writeHead(code, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const path = new URL(request.url ?? '/', 'http://cluster').pathname;
    if (request.method === 'POST') {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        const { verb, resource } = readReview(text).spec?.resourceAttributes ?? {};
        send(201, { status: { allowed: !refused.has(`${verb} ${resource}`) } });
      });
      return;
    }
    const found = answers.get(path);
    if (found === undefined) send(404, status(404, 'NotFound'));
    else if (found === 403) send(403, status(403, 'Forbidden'));
    else send(200, found);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    answers,
    refused,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function readReview(text: string): Review {
  const review: Review = JSON.parse(text);
  return review;
}
