/** issuerOf: the issuer that a JSON Web Token (RFC 7519) names; nothing of it is checked. */

import { z } from 'zod';

const claims = z.object({ iss: z.string() });

/** Undefined when the token is no JWT, or names no issuer. */
export function issuerOf(token: string): string | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const parsed = claims.safeParse(JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8')));
    return parsed.success ? parsed.data.iss : undefined;
  } catch {
    return undefined;
  }
}
