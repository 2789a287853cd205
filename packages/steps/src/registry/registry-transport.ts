/** HTTP to one registry: scheme, authentication, redirects (OCI distribution spec v1.1; Docker token spec). */
import type { Readable } from 'node:stream';
import { request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { StepFailure } from '../step-failure.ts';
import type { FindCredentials } from './registry-credentials.ts';

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** Path under the registry, or an absolute URL that it gave us. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  /** Called anew for a second attempt. */
  readonly body?: () => Readable | Buffer;
  /** Repository and rights that the request needs, e.g. `repository:apps/web:pull,push`. */
  readonly scope: string;
}

export type RegistryResponse = Dispatcher.ResponseData;

const tokenSchema = z.looseObject({ token: z.string().optional(), access_token: z.string().optional() });

/** Reads `Bearer realm="...",service="..."` (RFC 6750 section 3). */
export const parseChallenge = (header: string): { scheme: string; fields: Record<string, string> } => {
  const [, scheme = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(header) ?? [];
  const fields: Record<string, string> = {};
  for (const [, key = '', value = ''] of rest.matchAll(/(\w+)="([^"]*)"/g)) fields[key.toLowerCase()] = value;
  return { scheme: scheme.toLowerCase(), fields };
};

const fetchToken = async (
  fields: Record<string, string>,
  scope: string,
  credentials: string | undefined,
): Promise<string> => {
  const url = new URL(fields['realm'] ?? '');
  if (fields['service'] !== undefined) url.searchParams.set('service', fields['service']);
  url.searchParams.set('scope', scope);
  const response = await request(url, {
    headers: credentials === undefined ? {} : { authorization: `Basic ${credentials}` },
  });
  if (response.statusCode !== 200) {
    await response.body.dump();
    throw new StepFailure(`${url.host} refused a token for ${scope}: HTTP ${response.statusCode}`, {
      code: 'REGISTRY_DENIED',
      hint: 'link a registry secret to the service account',
    });
  }
  const parsed = tokenSchema.parse(await response.body.json());
  return parsed.token ?? parsed.access_token ?? '';
};

type Authorizations = Map<string, string>;

/** Tokens go to the registry alone, never to the storage that it redirects to. */
const headersOf = (
  wanted: RegistryRequest,
  url: URL,
  base: string,
  known: Authorizations,
): Record<string, string> => {
  const authorization = url.host === new URL(base).host ? known.get(wanted.scope) : undefined;
  return { ...wanted.headers, ...(authorization === undefined ? {} : { authorization }) };
};

const unreachable = (registry: string, error: unknown): StepFailure =>
  new StepFailure(`registry ${registry} does not answer: ${error instanceof Error ? error.message : ''}`, {
    code: 'REGISTRY_UNREACHABLE',
    hint: 'check image-registry and the network',
    cause: error,
  });

/** Where a redirect leads, as an absolute URL. */
const redirectOf = ({ statusCode, headers }: RegistryResponse, from: URL): string | undefined => {
  const { location } = headers;
  const isRedirect = [301, 302, 303, 307, 308].includes(statusCode) && typeof location === 'string';
  return isRedirect ? new URL(location, from).href : undefined;
};

/** Sends requests to one registry; remembers tokens per scope. */
export const createRegistryTransport = (
  registry: string,
  {
    findCredentials,
    plainHttp,
    signal,
  }: { findCredentials: FindCredentials; plainHttp: boolean; signal: AbortSignal | undefined },
): ((wanted: RegistryRequest) => Promise<RegistryResponse>) => {
  const base = `${plainHttp ? 'http' : 'https'}://${registry}`;
  const authorizations: Authorizations = new Map();

  const send = async (wanted: RegistryRequest): Promise<RegistryResponse> => {
    const url = new URL(wanted.path, base);
    try {
      return await request(url, {
        method: wanted.method,
        headers: headersOf(wanted, url, base, authorizations),
        body: wanted.body?.() ?? null,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw signal?.aborted === true ? error : unreachable(registry, error);
    }
  };

  const authorize = async (response: RegistryResponse, scope: string): Promise<boolean> => {
    const { scheme, fields } = parseChallenge(String(response.headers['www-authenticate'] ?? ''));
    const credentials = findCredentials(registry);
    if (scheme === 'bearer')
      authorizations.set(scope, `Bearer ${await fetchToken(fields, scope, credentials)}`);
    else if (scheme === 'basic' && credentials !== undefined)
      authorizations.set(scope, `Basic ${credentials}`);
    else return false;
    return true;
  };

  return async (wanted) => {
    let response = await send(wanted);
    if (response.statusCode === 401 && (await authorize(response, wanted.scope))) {
      await response.body.dump();
      response = await send(wanted);
    }
    const target = redirectOf(response, new URL(wanted.path, base));
    if (target === undefined) return response;
    await response.body.dump();
    return await send({ ...wanted, path: target });
  };
};
