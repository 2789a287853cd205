/** startFakeApp: an HTTP server in the place of an app. */

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { StepRig } from './step-rig.ts';
import { close, listen } from './listen.ts';

export interface FakeApp {
  readonly port: number;
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
}

/** An HTTP server that answers as the test says; the header `x-tekton-dag-served-by` comes from `servedBy`. */
export const startFakeApp = async (
  rig: StepRig,
  answer: (
    headers: IncomingHttpHeaders,
    path: string,
  ) => { status?: number; servedBy?: string; body?: unknown },
): Promise<FakeApp> => {
  const requests: FakeApp['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    const { status = 200, servedBy, body = {} } = answer(request.headers, request.url ?? '');
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(servedBy === undefined ? {} : { 'x-tekton-dag-served-by': servedBy }),
    });
    response.end(JSON.stringify(body));
  });
  await listen(server, 0, '127.0.0.1');
  rig.defer(async () => await close(server));
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, requests };
};
