/** Transport: one authenticated HTTP exchange with the API; refusals become KubeError, the rest KubeUnreachableError. */

import type { Agent, buildConnector, Dispatcher } from 'undici';
import type { KubeConfig } from './config/kube-config.ts';
import {
  createCredentialSource,
  type CredentialSource,
  type PresentedCredential,
} from './credential-source.ts';
import { createKubeError, KubeUnreachableError } from './kube-error.ts';
import { sleep } from './sleep.ts';

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the server's URL, from the leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Of the body; `application/json` unless told. */
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** Limit for the whole exchange; 0 for streams, which have none. */
  readonly timeoutMs?: number;
}

export interface TransportResponse {
  readonly status: number;
  text(): Promise<string>;
  chunks(): AsyncIterable<Uint8Array>;
}

export interface Transport {
  /** Sends, authenticates again once after a 401, waits and repeats after a 429, and throws for every status of 400 or more. */
  send(request: TransportRequest): Promise<TransportResponse>;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Limit for exchanges that set none; default 30 000. */
  readonly requestTimeoutMs?: number;
  readonly userAgent?: string;
}

/** Connects lazily: undici is loaded by the first request. */
export function createTransport(config: KubeConfig, options: TransportOptions = {}): Transport {
  return new UndiciTransport(config, options);
}

class UndiciTransport implements Transport {
  readonly #config: KubeConfig;
  readonly #options: TransportOptions;
  readonly #credentials: CredentialSource;
  readonly #basePath: string;
  readonly #origin: string;
  #agent: { readonly key: string; readonly agent: Agent } | undefined;
  #closed = false;

  constructor(config: KubeConfig, options: TransportOptions) {
    const url = new URL(config.server);
    this.#config = config;
    this.#options = options;
    this.#credentials = createCredentialSource(config);
    this.#origin = url.origin;
    this.#basePath = url.pathname.replace(/\/+$/, '');
  }

  async send(request: TransportRequest): Promise<TransportResponse> {
    const answer = await this.#authenticated(request);
    if (answer.statusCode >= 400) throw createKubeError(answer.statusCode, await readText(answer, request));
    return {
      status: answer.statusCode,
      text: () => readText(answer, request),
      chunks: () => readChunks(answer, request),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#agent?.agent.destroy();
  }

  async #authenticated(request: TransportRequest): Promise<Dispatcher.ResponseData> {
    const first = await this.#patient(request);
    if (first.statusCode !== 401 || !this.#credentials.invalidate()) return first;
    await first.body.dump();
    return this.#patient(request);
  }

  /** A server that asks for patience has not looked at the request (Kubernetes: API Priority and Fairness). */
  async #patient(request: TransportRequest): Promise<Dispatcher.ResponseData> {
    const signal = request.signal ?? new AbortController().signal;
    for (let left = MAX_PATIENCE; ; left -= 1) {
      const answer = await this.#exchange(request);
      if (answer.statusCode !== 429 || left === 0) return answer;
      await answer.body.dump();
      await sleep(retryAfterMs(answer), signal);
      signal.throwIfAborted();
    }
  }

  async #exchange(request: TransportRequest): Promise<Dispatcher.ResponseData> {
    if (this.#closed) throw new KubeUnreachableError('the client is closed');
    try {
      return await this.#dispatch(request);
    } catch (error) {
      // A kept-alive socket that the server closed meanwhile: nothing was read, so asking once more is safe for GET.
      if (request.method !== 'GET' || !isStaleSocket(error)) throw translate(error, request);
      return await this.#dispatch(request).catch((again: unknown) => {
        throw translate(again, request);
      });
    }
  }

  async #dispatch(request: TransportRequest): Promise<Dispatcher.ResponseData> {
    const credential = await this.#credentials.current();
    const agent = await this.#agentFor(credential);
    return agent.request({
      origin: this.#origin,
      path: `${this.#basePath}${request.path}${renderQuery(request.query)}`,
      method: request.method,
      headers: this.#headers(request, credential),
      body: request.body === undefined ? null : renderBody(request.body),
      signal: limitSignal(request.signal, request.timeoutMs ?? this.#options.requestTimeoutMs ?? 30_000),
      bodyTimeout: 0,
      headersTimeout: 0,
    });
  }

  #headers(request: TransportRequest, credential: PresentedCredential): Record<string, string> {
    const headers: Record<string, string> = {
      accept: 'application/json',
      'user-agent': this.#options.userAgent ?? 'tekton-dag',
    };
    if (request.body !== undefined) headers['content-type'] = request.contentType ?? 'application/json';
    if (credential.authorization !== undefined) headers['authorization'] = credential.authorization;
    return headers;
  }

  /** One agent per client certificate; a renewed certificate gets a new one. */
  async #agentFor(credential: PresentedCredential): Promise<Agent> {
    const key = credential.clientCertificatePem ?? '';
    if (this.#agent?.key === key) return this.#agent.agent;
    const { Agent } = await import('undici');
    const agent = new Agent({ connect: connectOptions(this.#config, credential), allowH2: false });
    if (this.#agent?.key === key) return this.#agent.agent;
    this.#agent = { key, agent };
    return agent;
  }
}

function connectOptions(config: KubeConfig, credential: PresentedCredential): buildConnector.BuildOptions {
  return {
    timeout: 10_000,
    rejectUnauthorized: !config.insecureSkipTlsVerify,
    ...(config.certificateAuthorityPem === undefined ? {} : { ca: config.certificateAuthorityPem }),
    ...(config.tlsServerName === undefined ? {} : { servername: config.tlsServerName }),
    ...(credential.clientCertificatePem === undefined ? {} : { cert: credential.clientCertificatePem }),
    ...(credential.clientKeyPem === undefined ? {} : { key: credential.clientKeyPem }),
  };
}

/** How often a request is repeated when the server is too busy for it. */
const MAX_PATIENCE = 5;

/** Retry-After in seconds (RFC 9110, section 10.2.3), at most ten; 100 ms when the server names no time. */
function retryAfterMs({ headers }: Dispatcher.ResponseData): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 10) * 1_000 : 100;
}

function renderQuery(query: TransportRequest['query']): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) pairs.set(name, String(value));
  }
  return pairs.size === 0 ? '' : `?${pairs.toString()}`;
}

function renderBody(body: unknown): string {
  return JSON.stringify(body);
}

function limitSignal(signal: AbortSignal | undefined, timeoutMs: number): AbortSignal | null {
  const signals = [
    ...(signal === undefined ? [] : [signal]),
    ...(timeoutMs > 0 ? [AbortSignal.timeout(timeoutMs)] : []),
  ];
  return signals.length > 1 ? AbortSignal.any(signals) : (signals[0] ?? null);
}

async function readText(answer: Dispatcher.ResponseData, request: TransportRequest): Promise<string> {
  try {
    return await answer.body.text();
  } catch (error) {
    throw translate(error, request);
  }
}

async function* readChunks(
  answer: Dispatcher.ResponseData,
  request: TransportRequest,
): AsyncGenerator<Uint8Array> {
  // Leaving the loop early must not let undici raise "aborted" on a body that nobody reads any more.
  answer.body.on('error', () => undefined);
  try {
    for await (const chunk of answer.body) yield chunk;
  } catch (error) {
    throw translate(error, request);
  }
}

function isStaleSocket(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The caller's own abort stays what it is; everything else is the network's fault. */
function translate(error: unknown, request: TransportRequest): unknown {
  if (error instanceof KubeUnreachableError) return error;
  if (request.signal?.aborted === true) return request.signal.reason;
  const text = error instanceof Error ? error.message : String(error);
  const cause = error instanceof AggregateError && text === '' ? String(error.errors[0]) : text;
  return new KubeUnreachableError(`${request.method} ${request.path}: ${cause}`, {
    cause: error,
    code: codeOf(error),
  });
}
