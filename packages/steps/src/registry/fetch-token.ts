/** Gets a bearer token from the server that a registry names (Docker Registry v2 authentication, Token specification). */
import { z } from 'zod';
import { StepFailure } from '../step-failure.ts';
import { explainRefusal } from './explain-refusal.ts';
import type { Challenge } from './parse-challenge.ts';
import { sendHttp } from '../send-http.ts';

const tokenSchema = z.looseObject({ token: z.string().optional(), access_token: z.string().optional() });

export interface TokenRequest {
  /** Host of the registry, for messages. */
  readonly registry: string;
  readonly challenge: Challenge;
  /** e.g. `repository:acme/web:pull,push`. */
  readonly scopes: readonly string[];
  /** Base64 of `user:password`. */
  readonly credentials: string | undefined;
  /** Whether a token server without TLS may see the credentials. */
  readonly plainHttp: boolean;
  readonly signal: AbortSignal | undefined;
}

const wrongRealm = (registry: string, realm: string): StepFailure =>
  new StepFailure(`registry ${registry} names ${JSON.stringify(realm)} to get tokens from`, {
    code: 'REGISTRY_DENIED',
    hint: 'only https:// is trusted with credentials, unless the registry is in param insecure-registries',
  });

const tokenUrl = ({ registry, challenge, scopes, plainHttp }: TokenRequest): URL => {
  const url = URL.parse(challenge.realm);
  const trusted = url?.protocol === 'https:' || (plainHttp && url?.protocol === 'http:');
  if (url === null || !trusted) throw wrongRealm(registry, challenge.realm);
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  return url;
};

const unreachable = (registry: string, url: URL, error: unknown): StepFailure =>
  new StepFailure(
    `${url.host}, where registry ${registry} gives tokens, does not answer: ${error instanceof Error ? error.message : ''}`,
    { code: 'REGISTRY_UNREACHABLE', hint: 'check the network', cause: error },
  );

/** Throws REGISTRY_DENIED and the other codes of refusals. */
export const fetchToken = async (wanted: TokenRequest): Promise<string> => {
  const { registry, scopes, credentials, signal } = wanted;
  const url = tokenUrl(wanted);
  const response = await sendHttp(url, {
    headers: credentials === undefined ? {} : { authorization: `Basic ${credentials}` },
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    throw signal?.aborted === true ? error : unreachable(registry, url, error);
  });
  if (response.statusCode !== 200) {
    const body = await response.body.text();
    const what = `a token for ${scopes.join(' ')}${credentials === undefined ? ' without credentials' : ''}`;
    throw explainRefusal({ registry, what, status: response.statusCode, body });
  }
  const parsed = tokenSchema.parse(await response.body.json());
  return parsed.token ?? parsed.access_token ?? '';
};
