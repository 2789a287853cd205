/** createFakeApp: a GitHub App with a fresh key, for a fake GitHub and for who speaks to it. */

import { generateKeyPairSync } from 'node:crypto';
import type { FakeApp } from './app-routes.ts';

/** `privateKey` is PEM as GitHub gives it (PKCS #1). */
export function createFakeApp(): { readonly app: FakeApp; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const app = {
    id: 42,
    slug: 'tekton-dag',
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    installationId: 77,
  };
  return { app, privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() };
}
