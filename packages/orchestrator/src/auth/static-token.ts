/** findStaticToken: which of the tokens that the service knows a bearer has shown. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller.ts';

export interface StaticToken {
  readonly caller: Caller;
  /** SHA-256 of the token: the token itself is nowhere in the settings. */
  readonly digest: Buffer;
}

/** Looks at all of them, in a time that does not tell which came near. */
export function findStaticToken(tokens: readonly StaticToken[], candidate: string): Caller | undefined {
  const digest = createHash('sha256').update(candidate).digest();
  const found = tokens.filter((token) => timingSafeEqual(token.digest, digest));
  return found[0]?.caller;
}
