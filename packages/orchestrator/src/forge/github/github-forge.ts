/** githubForge: GitHub's webhooks (GitHub docs, "Validating webhook deliveries" and "Webhook events and payloads"). */

import type { Forge } from '../forge.ts';
import { headerText } from '../header-text.ts';
import { readDeliveryHeaders } from '../read-delivery-headers.ts';
import { verifyHmac } from '../verify-hmac.ts';
import { parseGitHubEvent } from './parse-github-event.ts';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;
const HEADERS = {
  id: 'x-github-delivery',
  event: 'x-github-event',
  kept: ['x-github-hook-id', 'x-github-hook-installation-target-type', 'user-agent'],
} as const;

export const githubForge: Forge = {
  kind: 'github',
  signatureOf: (headers) => headerText(headers, 'x-hub-signature-256'),
  readHeaders: (headers) => readDeliveryHeaders(headers, HEADERS),
  verify: (body, signature, secrets) => verifyHmac(body, SIGNATURE.exec(signature ?? '')?.[1], secrets),
  parse: parseGitHubEvent,
};
