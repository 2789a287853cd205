/** Answers a request that the router itself has to refuse, as problem details (RFC 9457). */
import { STATUS_CODES, type ServerResponse } from 'node:http';

/** Sends `status` when nothing was sent yet; else the answer is cut off, so that nobody takes it for complete. */
export function answerProblem(response: ServerResponse, status: number, detail: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = problemBody(status, detail);
  closeIfBodyIsWithheld(response);
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/**
 * A caller that waits for "100 Continue" sends its body or the next request, and nobody can tell which: the connection
 * ends with this answer. Any other body is read and dropped; to close before it has come could lose the answer.
 */
export function closeIfBodyIsWithheld(response: ServerResponse): void {
  if (!response.req.complete && response.req.headers.expect !== undefined) response.shouldKeepAlive = false;
}

/** The same for a socket that was taken out of node:http's hands by an upgrade. */
export function renderProblem(status: number, detail: string): string {
  const body = problemBody(status, detail);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

function problemBody(status: number, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail });
}
