/** createAuthenticator: from a bearer token to the caller that it stands for. */

import type { Caller } from './caller.ts';
import { grantAccess, type AccessRules } from './grant-access.ts';
import type { Identity } from './identity.ts';
import { findStaticToken, type StaticToken } from './static-token.ts';

export interface Authenticator {
  /**
   * Undefined when nobody vouches for the token. Throws a ProblemError `identity-unavailable` when the one who would
   * cannot be asked, and a KubeUnreachableError when that is the API server.
   */
  authenticate(token: string): Promise<Caller | undefined>;
}

/** `foreign`: another source may know the token; `invalid`: it is of this source, and nobody else shall see it. */
export type TokenVerifier = (token: string) => Promise<Identity | 'foreign' | 'invalid'>;

export interface AuthenticatorSources {
  /** The tokens that the service knows, as they are now. */
  readonly staticTokens: () => Promise<readonly StaticToken[]>;
  /** Asked in this order until one knows the token. */
  readonly verifiers: readonly TokenVerifier[];
  readonly accessRules: () => AccessRules;
}

/** Longer than any real token; nothing is hashed or sent for what is larger. */
const MAX_TOKEN_CHARACTERS = 16_384;

/** What logs and the store can hold as the name of a caller. */
const USER = /^\P{Cc}{1,256}$/u;

export function createAuthenticator(sources: AuthenticatorSources): Authenticator {
  const { staticTokens, verifiers, accessRules } = sources;
  return {
    authenticate: async (token) => {
      if (token.length > MAX_TOKEN_CHARACTERS) return undefined;
      const known = findStaticToken(await staticTokens(), token);
      if (known !== undefined) return known;
      for (const verify of verifiers) {
        const identity = await verify(token);
        if (identity === 'invalid') return undefined;
        if (identity !== 'foreign')
          return USER.test(identity.user) ? grantAccess(identity, accessRules()) : undefined;
      }
      return undefined;
    },
  };
}
