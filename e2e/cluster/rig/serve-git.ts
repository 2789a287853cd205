/** Serves bare repositories over git's smart HTTP protocol, to read and to push: the forge that pods reach. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface GitServer extends AsyncDisposable {
  /** `http://address:port`; repositories are `<url>/<owner>/<name>.git`. */
  readonly url: string;
}

/** The variables of RFC 3875 that git-http-backend reads. */
function cgiEnvironment(request: IncomingMessage, directory: string): Record<string, string> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://forge');
  return {
    PATH: process.env['PATH'] ?? '',
    GIT_PROJECT_ROOT: directory,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    REQUEST_METHOD: request.method ?? 'GET',
    PATH_INFO: decodeURIComponent(pathname),
    QUERY_STRING: search.slice(1),
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    REMOTE_ADDR: request.socket.remoteAddress ?? '',
    REMOTE_USER: 'developer',
  };
}

/** The head of a CGI answer, and what of the body came with it. */
function splitHead(bytes: Buffer): { head: string; body: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  return end < 0 ? undefined : { head: bytes.toString('latin1', 0, end), body: bytes.subarray(end + 4) };
}

function writeHead(response: ServerResponse, head: string): void {
  for (const line of head.split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*(.*)/s);
    if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
}

function answer(request: IncomingMessage, response: ServerResponse, directory: string): void {
  const backend = spawn('git', ['http-backend'], { env: cgiEnvironment(request, directory) });
  let held: Buffer = Buffer.alloc(0);
  let headSent = false;
  backend.stdout.on('data', (chunk: Buffer) => {
    held = headSent ? chunk : Buffer.concat([held, chunk]);
    const parts = headSent ? undefined : splitHead(held);
    if (parts !== undefined) {
      headSent = true;
      writeHead(response, parts.head);
      held = parts.body;
    }
    if (headSent) response.write(held);
  });
  backend.stdin.on('error', () => undefined);
  backend.on('close', () => response.end());
  // Of a caller that goes before it has sent all, the backend would wait for the rest.
  response.on('close', () => backend.kill());
  request.pipe(backend.stdin);
}

/** `directory` holds `<owner>/<name>.git`. */
export async function serveGit(directory: string, address: string): Promise<GitServer> {
  const server = createServer((request, response) => answer(request, response, directory));
  server.listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  return {
    url: `http://${address}:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
