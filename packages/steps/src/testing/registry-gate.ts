/** The gate of a test registry: who may come in, and faults on order. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface RegistryFault {
  /** Of `<method> <path>?<query>`. */
  readonly matches: RegExp;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How often; for ever when absent. */
  readonly times?: number;
}

export interface RegistryGateOptions {
  /** When set, everything needs these. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** How they are asked for; `bearer` when absent. */
  readonly scheme?: 'bearer' | 'basic';
  /** Requests that one token is good for, as if it expired then. */
  readonly tokenUses?: number;
  readonly faults?: readonly RegistryFault[];
}

/** What a request needs: pushing needs push, and a mount needs to read where the blob is. */
const neededScopes = (method: string, url: URL): string[] => {
  const repository = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(url.pathname)?.[1];
  if (repository === undefined) return [];
  const from = url.searchParams.get('from');
  const own = method === 'GET' ? `repository:${repository}:pull` : `repository:${repository}:pull,push`;
  return from === null ? [own] : [own, `repository:${from}:pull`];
};

const covers = (granted: readonly string[], needed: string): boolean =>
  granted.includes(needed) || granted.includes(needed.replace(/:pull$/, ':pull,push'));

export class RegistryGate {
  readonly #options: RegistryGateOptions;
  readonly #tokens = new Map<string, { scopes: readonly string[]; uses: number }>();
  readonly #faults: { fault: RegistryFault; left: number }[];
  #issued = 0;

  constructor(options: RegistryGateOptions) {
    this.#options = options;
    this.#faults = (options.faults ?? []).map((fault) => ({ fault, left: fault.times ?? Infinity }));
  }

  /** True when the answer has been given here. */
  answer(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    const line = `${request.method ?? ''} ${url.pathname}${url.search}`;
    const due = this.#faults.find(({ fault, left }) => left > 0 && fault.matches.test(line));
    if (due !== undefined) {
      due.left -= 1;
      response.writeHead(due.fault.status, due.fault.headers).end(due.fault.body);
      return true;
    }
    if (url.pathname === '/token') return this.#giveToken(request, response, url);
    if (this.#isAllowed(request, url)) return false;
    const challenge =
      this.#options.scheme === 'basic'
        ? 'Basic realm="test"'
        : `Bearer realm="http://${url.host}/token",service="test"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
    return true;
  }

  #giveToken(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    if (request.headers.authorization !== this.#basic()) {
      response.writeHead(401).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
      return true;
    }
    this.#issued += 1;
    const token = `token-${this.#issued}`;
    this.#tokens.set(token, {
      scopes: url.searchParams.getAll('scope'),
      uses: this.#options.tokenUses ?? Infinity,
    });
    response.end(JSON.stringify({ token }));
    return true;
  }

  #isAllowed(request: IncomingMessage, url: URL): boolean {
    const { credentials, scheme } = this.#options;
    if (credentials === undefined) return true;
    const { authorization = '' } = request.headers;
    if (scheme === 'basic') return authorization === this.#basic();
    const known = this.#tokens.get(authorization.replace(/^Bearer /, ''));
    if (known === undefined || known.uses <= 0) return false;
    known.uses -= 1;
    return neededScopes(request.method ?? '', url).every((scope) => covers(known.scopes, scope));
  }

  #basic(): string {
    const { username = '', password = '' } = this.#options.credentials ?? {};
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
}
