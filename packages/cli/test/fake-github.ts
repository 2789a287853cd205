/** FakeGitHub: the few endpoints of GitHub's REST API that look after webhooks, over real HTTP, with pages. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FakeHook {
  id: number;
  name?: string;
  active: boolean;
  events: string[];
  config: Record<string, string>;
}

export interface FakeGitHub extends AsyncDisposable {
  readonly url: string;
  /** Repository to its hooks, secrets included; a repository that is not here answers 404. */
  readonly hooks: Map<string, FakeHook[]>;
  /** `METHOD path` of every request. */
  readonly requests: string[];
}

/** Whatever the client asks for: pages must be followed. */
const PAGE_SIZE = 2;
const PATH = /^\/repos\/([^/]+\/[^/]+)\/hooks(?:\/(\d+))?$/;

async function readBody(request: IncomingMessage): Promise<Partial<FakeHook>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** GitHub shows that there is a secret, never which. */
const shown = (hook: FakeHook): FakeHook => ({
  ...hook,
  config: { ...hook.config, ...('secret' in hook.config ? { secret: '********' } : {}) },
});

function list(hooks: readonly FakeHook[], url: URL, response: ServerResponse): void {
  const page = Number(url.searchParams.get('page') ?? '1');
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  if (page * PAGE_SIZE < hooks.length) response.setHeader('link', `<${next.href}>; rel="next"`);
  answer(response, 200, hooks.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(shown));
}

async function handle(
  github: Omit<FakeGitHub, typeof Symbol.asyncDispose>,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', github.url);
  github.requests.push(`${request.method} ${url.pathname}`);
  if (request.headers.authorization !== `token ${token}`)
    return answer(response, 401, { message: 'Bad credentials' });
  const [, repository = '', id] = PATH.exec(url.pathname) ?? [];
  const hooks = github.hooks.get(repository);
  if (hooks === undefined) return answer(response, 404, { message: 'Not Found' });
  const body = await readBody(request);
  if (request.method === 'GET') return list(hooks, url, response);
  const present = hooks.find((hook) => String(hook.id) === id);
  if (request.method === 'PATCH' && present !== undefined) {
    Object.assign(present, body);
    return answer(response, 200, shown(present));
  }
  if (request.method !== 'POST') return answer(response, 404, { message: 'Not Found' });
  const made: FakeHook = { active: true, events: ['push'], config: {}, ...body, id: hooks.length + 100 };
  hooks.push(made);
  answer(response, 201, shown(made));
}

/** Takes requests with exactly this token. */
export async function startFakeGitHub(token: string): Promise<FakeGitHub> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  const github = { url: `http://127.0.0.1:${port}`, hooks: new Map<string, FakeHook[]>(), requests: [] };
  server.on('request', (request, response) => void handle(github, token, request, response));
  return {
    ...github,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
