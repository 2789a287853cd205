/** SeenRequest: one request as the fake API server saw it. */

import type { IncomingMessage } from 'node:http';

/** `body` is parsed JSON. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}
