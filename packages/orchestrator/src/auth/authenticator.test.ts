import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthenticator, type TokenVerifier } from './authenticator.ts';

const knows =
  (known: string, user: string, otherwise: 'foreign' | 'invalid'): TokenVerifier =>
  (token) =>
    Promise.resolve(token === known ? { source: 'oidc', user, groups: [] } : otherwise);

function authenticatorWith(...verifiers: readonly TokenVerifier[]) {
  const digest = createHash('sha256').update('static').digest();
  return createAuthenticator({
    staticTokens: () => Promise.resolve([{ caller: { name: 'token', access: new Map() }, digest }]),
    verifiers,
    accessRules: () => ({ adminUsers: [], adminGroups: [], teams: [] }),
  });
}

describe('createAuthenticator', () => {
  it('asks one source after the other until one knows the token', async () => {
    const both = authenticatorWith(knows('1', 'ann', 'foreign'), knows('2', 'ben', 'foreign'));
    const names = await Promise.all(['static', '1', '2', '3'].map((token) => both.authenticate(token)));
    expect(names.map((caller) => caller?.name)).toEqual(['token', 'oidc/ann', 'oidc/ben', undefined]);
  });

  it('shows a token that its own source refuses to nobody else', async () => {
    const seen: string[] = [];
    const spy: TokenVerifier = (token) => {
      seen.push(token);
      return Promise.resolve('foreign');
    };
    const strict = authenticatorWith(knows('1', 'ann', 'invalid'), spy);
    expect(await strict.authenticate('bad')).toBeUndefined();
    expect(seen).toEqual([]);
  });

  it.each(['', 'a\nb', '\0', 'x'.repeat(300)])(
    'takes no user whose name no log can hold: %j',
    async (user) => {
      expect(await authenticatorWith(knows('1', user, 'foreign')).authenticate('1')).toBeUndefined();
    },
  );
});
