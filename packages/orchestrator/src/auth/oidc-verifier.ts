/** createOidcVerifier: tokens of an OpenID Connect provider (OpenID Connect Core 1.0, section 3.1.3.7; Discovery 1.0). */

import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { OidcConfig } from '../config/access-settings.ts';
import { ProblemError } from '../http/problem.ts';
import type { TokenVerifier } from './authenticator.ts';
import type { Identity } from './identity.ts';
import { issuerOf } from './issuer-of.ts';

/** Asymmetric ones only: whoever can read a shared key could make tokens. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];
const TIMEOUT_MS = 5_000;
const KEYS_MAX_AGE_MS = 10 * 60_000;
/** An unknown key id asks the provider again at most this often. */
const KEYS_COOLDOWN_MS = 30_000;
const CLOCK_TOLERANCE_S = 30;

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** Tokens are told by their issuer. The provider is first asked when the first token of its comes. */
export function createOidcVerifier(config: OidcConfig): TokenVerifier {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const readKeys = (): Promise<JWTVerifyGetKey> => {
    keys ??= discoverKeys(config.issuer).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  };
  return async (token) => {
    if (issuerOf(token) !== config.issuer) return 'foreign';
    const payload = await verify(token, config, readKeys);
    return payload === undefined ? 'invalid' : toIdentity(payload, config);
  };
}

async function verify(
  token: string,
  { issuer, audience }: OidcConfig,
  readKeys: () => Promise<JWTVerifyGetKey>,
): Promise<JWTPayload | undefined> {
  const { jwtVerify, errors } = await import('jose');
  const keys = await readKeys().catch((error: unknown) => {
    throw unavailable(error);
  });
  try {
    const options = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_S };
    const { payload } = await jwtVerify(token, keys, { ...options, requiredClaims: ['exp'] });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw unavailable(error);
    // The set of keys came, but as something else than a set of keys: the provider's fault, not the token's.
    if (error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC') throw unavailable(error);
    return undefined;
  }
}

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  const found = discovery.parse(await answer.json());
  if (found.issuer !== issuer) throw new Error(`${url} is the configuration of another issuer`);
  const { createRemoteJWKSet } = await import('jose');
  return createRemoteJWKSet(new URL(found.jwks_uri), {
    timeoutDuration: TIMEOUT_MS,
    cacheMaxAge: KEYS_MAX_AGE_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
  });
}

function toIdentity(payload: JWTPayload, { usernameClaim, groupsClaim }: OidcConfig): Identity | 'invalid' {
  const user = payload[usernameClaim];
  if (typeof user !== 'string' || user === '' || isReserved(user)) return 'invalid';
  // An address that nobody has checked is a name that anybody can take.
  if (usernameClaim === 'email' && payload['email_verified'] !== true) return 'invalid';
  const given = payload[groupsClaim];
  const groups = (Array.isArray(given) ? given : [given]).filter((group) => typeof group === 'string');
  return { source: 'oidc', user, groups: groups.filter((group) => !isReserved(group)) };
}

/** Names that Kubernetes keeps for itself; a provider must not hand them out. */
function isReserved(name: string): boolean {
  return name.startsWith('system:');
}

function unavailable(cause: unknown): ProblemError {
  return new ProblemError(
    { status: 503, code: 'identity-unavailable', title: 'The token cannot be checked now' },
    { cause },
  );
}
