/** A small HTTP server for fake forges: routes by pattern, JSON in and out, failures on demand. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FakeRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  /** The JSON value of the body; undefined where there is none. */
  readonly body: unknown;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type FakeHandler = (request: FakeRequest) => FakeAnswer;

/** `pattern` as in `/repos/:owner/:name/pulls/:number`. */
export interface FakeRoute {
  readonly method: string;
  readonly pattern: string;
  readonly handle: FakeHandler;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Answers the next `times` requests that fit, instead of the route. Status 0 cuts the connection. */
export interface Failure {
  readonly method?: string;
  readonly path?: RegExp;
  readonly times?: number;
  readonly answer: FakeAnswer;
}

export interface FakeHttp extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  fail(failure: Failure): void;
  /** Forgets failures that are left. */
  recover(): void;
}

/** `finish` sees every answer of a route before it is sent. */
export async function startFakeHttp(
  routes: readonly FakeRoute[],
  finish: (request: FakeRequest, answer: FakeAnswer) => FakeAnswer,
): Promise<FakeHttp> {
  const requests: SeenRequest[] = [];
  const failures: { readonly failure: Failure; left: number }[] = [];
  const compiled = routes.map((route) => ({ route, pattern: compilePattern(route.pattern) }));
  const respond = (request: FakeRequest): FakeAnswer => {
    const failing = failures.find(({ failure, left }) => left > 0 && fits(failure, request));
    if (failing !== undefined) {
      failing.left -= 1;
      return failing.failure.answer;
    }
    for (const { route, pattern } of compiled) {
      const match = route.method === request.method ? pattern.exec(request.path) : null;
      const params = decode(match?.groups ?? {});
      if (match !== null) return finish(request, route.handle({ ...request, params }));
    }
    return { status: 404, body: { message: 'Not Found' } };
  };
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      const answer = respond(request);
      requests.push({ method: request.method, path: request.path, status: answer.status });
      send(response, answer);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    fail: (failure) => void failures.push({ failure, left: failure.times ?? Number.POSITIVE_INFINITY }),
    recover: () => void failures.splice(0),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function compilePattern(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/:([a-z]+)/gi, '(?<$1>[^/]+)')}$`);
}

function decode(params: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, text]) => [name, decodeURIComponent(text)]));
}

function fits({ method, path }: Failure, request: FakeRequest): boolean {
  return (
    (method === undefined || method === request.method) && (path === undefined || path.test(request.path))
  );
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(incoming.url ?? '/', 'http://fake');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    params: {},
    headers: incoming.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

function send(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  if (status === 0) {
    response.destroy();
    return;
  }
  const empty = body === undefined || status === 304;
  response.writeHead(status, { ...(empty ? {} : { 'content-type': 'application/json' }), ...headers });
  response.end(empty ? undefined : JSON.stringify(body));
}
