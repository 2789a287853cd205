/** A GitHub App's own routes of a fake GitHub (GitHub docs, "Apps"): a signed JWT buys tokens of installations. */

import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { FakeAnswer, FakeRequest, FakeRoute } from './fake-http.ts';

export interface FakeApp {
  readonly id: number;
  readonly slug: string;
  /** PEM of the App's public key. */
  readonly publicKey: string;
  readonly installationId: number;
}

/** Tokens that were handed out are added to `tokens`; `others` are further routes that need the App's signature. */
export function appRoutes(
  app: FakeApp,
  tokens: Set<string>,
  others: readonly FakeRoute[],
): readonly FakeRoute[] {
  const key = createPublicKey(app.publicKey);
  const signed = (handle: (request: FakeRequest) => FakeAnswer) => (request: FakeRequest) =>
    isSignedByApp(request, app, key)
      ? handle(request)
      : { status: 401, body: { message: 'Bad credentials' } };
  return [
    ...others.map((route) => ({ ...route, handle: signed(route.handle) })),
    { method: 'GET', pattern: '/app', handle: signed(() => ({ status: 200, body: { slug: app.slug } })) },
    {
      method: 'GET',
      pattern: '/repos/:owner/:name/installation',
      handle: signed(() => ({ status: 200, body: { id: app.installationId } })),
    },
    {
      method: 'POST',
      pattern: '/app/installations/:id/access_tokens',
      handle: signed(() => {
        const token = `ghs_fake${String(tokens.size).padStart(32, '0')}`;
        tokens.add(token);
        const body = { token, expires_at: new Date(Date.now() + 3_600_000).toISOString() };
        return { status: 201, body: { ...body, permissions: {}, repository_selection: 'all' } };
      }),
    },
  ];
}

function isSignedByApp({ headers }: FakeRequest, app: FakeApp, key: KeyObject): boolean {
  const [header = '', payload = '', signature = ''] =
    (headers.authorization ?? '').split(' ').at(-1)?.split('.') ?? [];
  const good = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    key,
    Buffer.from(signature, 'base64url'),
  );
  if (!good) return false;
  const claims: { iss?: unknown; exp?: unknown } = JSON.parse(
    Buffer.from(payload, 'base64url').toString('utf8'),
  );
  return String(claims.iss) === String(app.id) && Number(claims.exp) * 1_000 > Date.now();
}
