/** A fake OpenID Connect provider on loopback: discovery, keys, and tokens as a test wants them. */

import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';

export interface FakeIdentityProvider extends AsyncDisposable {
  readonly issuer: string;
  /** How often the keys were asked for. */
  readonly keyRequests: () => number;
  /** Signed with the key of today; `claims` win over the defaults. */
  sign(
    claims: Readonly<Record<string, unknown>>,
    options?: { readonly algorithm?: 'ES256' | 'HS256' },
  ): Promise<string>;
  /** From now on tokens are signed with another key; the old one is no longer published. */
  rotate(): Promise<void>;
  /** While true every request fails. */
  setBroken(broken: boolean): void;
}

export async function startFakeIdentityProvider(): Promise<FakeIdentityProvider> {
  let key = await newKey('key-1');
  let broken = false;
  let keyRequests = 0;
  const server = createServer((request, response) => {
    const isKeys = request.url === '/keys';
    keyRequests += Number(isKeys);
    const document = isKeys ? { keys: [key.jwk] } : { issuer, jwks_uri: `${issuer}/keys` };
    response
      .writeHead(broken ? 500 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the provider does not listen');
  const issuer = `http://127.0.0.1:${address.port}`;
  return {
    issuer,
    keyRequests: () => keyRequests,
    sign: (claims, { algorithm = 'ES256' } = {}) => sign(issuer, key, { claims, algorithm }),
    rotate: async () => {
      key = await newKey(`key-${Math.random()}`);
    },
    setBroken: (value) => {
      broken = value;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly jwk: object;
}

async function newKey(id: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return { id, privateKey, jwk: { ...(await exportJWK(publicKey)), kid: id, alg: 'ES256', use: 'sig' } };
}

async function sign(
  issuer: string,
  key: SigningKey,
  {
    claims,
    algorithm,
  }: { readonly claims: Readonly<Record<string, unknown>>; readonly algorithm: 'ES256' | 'HS256' },
): Promise<string> {
  const nowS = Math.floor(Date.now() / 1_000);
  const payload = { iss: issuer, aud: 'tekton-dag', sub: 'jane', exp: nowS + 300, ...claims };
  const jwt = new SignJWT(payload).setProtectedHeader({ alg: algorithm, kid: key.id });
  // What an attacker does who takes the public key for a shared one.
  return jwt.sign(algorithm === 'HS256' ? new TextEncoder().encode(JSON.stringify(key.jwk)) : key.privateKey);
}
