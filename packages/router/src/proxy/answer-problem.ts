/** Answers a request that the router itself has to refuse, as problem details (RFC 9457). */
import { STATUS_CODES, type ServerResponse } from 'node:http';

/** Sends `status` when nothing was sent yet; else the answer is cut off, so that nobody takes it for complete. */
export function answerProblem(response: ServerResponse, status: number, detail: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = problemBody(status, detail);
  // The rest of a request body may never come: the connection is not used again.
  if (!response.req.complete) response.shouldKeepAlive = false;
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
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
