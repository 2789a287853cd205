/** answerClientError: the answer to what is no HTTP request, in the form of every other error: no route ever saw it. */

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Problem } from './problem.ts';

/** By code of Node's HTTP parser; everything else is 400. */
const PROBLEMS: ReadonlyMap<string | undefined, Problem> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, code: 'bad-request', title: 'The request head is too large' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, code: 'bad-request', title: 'The request took too long' }],
]);
const NO_HTTP: Problem = { status: 400, code: 'bad-request', title: 'This is no HTTP request' };

/** A listener for `clientError` of Node's server; ends the connection. */
export function answerClientError(error: { readonly code?: string }, socket: Socket): void {
  // Nobody is there any more, or an answer is under way.
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const { status, code, title } = PROBLEMS.get(error.code) ?? NO_HTTP;
  const body = JSON.stringify({ type: `urn:tekton-dag:problem:${code}`, code, status, title });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
