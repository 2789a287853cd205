/** HTTP to one registry: authentication, redirects, patience (OCI distribution spec v1.1). */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { EXIT, StepFailure } from '../step-failure.ts';
import { fetchToken } from './fetch-token.ts';
import { parseChallenge } from './parse-challenge.ts';
import type { FindCredentials } from './registry-credentials.ts';
import { retryDelayMs } from './retry-delay.ts';
import { sendHttp } from '../send-http.ts';

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** Path under the registry, or an absolute URL that it gave us. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  /** Called anew for each attempt. */
  readonly body?: () => Readable | Buffer;
  /** Repositories and rights that the request needs, e.g. `repository:apps/web:pull,push`. */
  readonly scopes: readonly string[];
}

export type RegistryResponse = Dispatcher.ResponseData;

export interface RegistryTransportOptions {
  readonly findCredentials: FindCredentials;
  readonly plainHttp: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Where a redirect leads, as an absolute URL. */
const redirectOf = ({ statusCode, headers }: RegistryResponse, from: URL): string | undefined => {
  const { location } = headers;
  const isRedirect = [301, 302, 303, 307, 308].includes(statusCode) && typeof location === 'string';
  return isRedirect ? new URL(location, from).href : undefined;
};

class RegistryTransport {
  readonly #registry: string;
  readonly #base: URL;
  readonly #options: RegistryTransportOptions;
  /** Authorization headers by scope. */
  readonly #authorizations = new Map<string, string>();

  constructor(registry: string, options: RegistryTransportOptions) {
    this.#registry = registry;
    this.#base = new URL(`${options.plainHttp ? 'http' : 'https'}://${registry}`);
    this.#options = options;
  }

  /** Asks again with a fresh token after a 401, and later when the registry is busy; then follows one redirect. */
  async send(wanted: RegistryRequest): Promise<RegistryResponse> {
    const response = await this.#sendPatiently(wanted);
    const target = redirectOf(response, new URL(wanted.path, this.#base));
    if (target === undefined) return response;
    await response.body.dump();
    return await this.#sendPatiently({ ...wanted, path: target });
  }

  async #sendPatiently(wanted: RegistryRequest): Promise<RegistryResponse> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#sendAuthorized(wanted);
      const retryAfter = String(response.headers['retry-after'] ?? '');
      const delayMs = retryDelayMs(response.statusCode, { attempt, retryAfter });
      if (delayMs === undefined) return response;
      await response.body.dump();
      await sleep(delayMs, undefined, { signal: this.#options.signal });
    }
  }

  async #sendAuthorized(wanted: RegistryRequest): Promise<RegistryResponse> {
    const response = await this.#sendOnce(wanted);
    if (response.statusCode !== 401 || !(await this.#authorize(response, wanted.scopes))) return response;
    await response.body.dump();
    return await this.#sendOnce(wanted);
  }

  async #sendOnce(wanted: RegistryRequest): Promise<RegistryResponse> {
    const url = new URL(wanted.path, this.#base);
    const { signal } = this.#options;
    try {
      return await sendHttp(url, {
        method: wanted.method,
        headers: this.#headersOf(wanted, url),
        body: wanted.body?.() ?? null,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw signal?.aborted === true ? error : this.#unreachable(error);
    }
  }

  /** Tokens go to the registry alone, never to the storage that it redirects to. */
  #headersOf(wanted: RegistryRequest, url: URL): Record<string, string> {
    const known =
      url.host === this.#base.host ? this.#authorizations.get(wanted.scopes.join(' ')) : undefined;
    return { ...wanted.headers, ...(known === undefined ? {} : { authorization: known }) };
  }

  /** False when the registry demands something that we do not have. */
  async #authorize({ headers }: RegistryResponse, scopes: readonly string[]): Promise<boolean> {
    const challenge = parseChallenge(String(headers['www-authenticate'] ?? ''));
    const { findCredentials, plainHttp, signal } = this.#options;
    const registry = this.#registry;
    const credentials = findCredentials(registry);
    const key = scopes.join(' ');
    if (challenge.scheme === 'bearer') {
      const token = await fetchToken({ registry, challenge, scopes, credentials, plainHttp, signal });
      this.#authorizations.set(key, `Bearer ${token}`);
      return true;
    }
    if (challenge.scheme !== 'basic' || credentials === undefined) return false;
    this.#authorizations.set(key, `Basic ${credentials}`);
    return true;
  }

  #unreachable(error: unknown): StepFailure {
    const message = error instanceof Error ? error.message : '';
    const tls = /wrong version number|packet length|EPROTO/i.test(message);
    return new StepFailure(`registry ${this.#registry} does not answer: ${message}`, {
      code: 'REGISTRY_UNREACHABLE',
      hint: tls
        ? 'it speaks plain HTTP: name it in param insecure-registries'
        : 'check image-registry and the network',
      exitCode: EXIT.unreachable,
      cause: error,
    });
  }
}

/** Sends requests to one registry; remembers tokens by scope. Throws REGISTRY_UNREACHABLE and REGISTRY_DENIED. */
export const createRegistryTransport = (
  registry: string,
  options: RegistryTransportOptions,
): ((wanted: RegistryRequest) => Promise<RegistryResponse>) => {
  const transport = new RegistryTransport(registry, options);
  return async (wanted) => await transport.send(wanted);
};
