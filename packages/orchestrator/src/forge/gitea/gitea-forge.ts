/** giteaForge: Gitea's webhooks (Gitea docs, "Webhooks"). */

import type { Forge } from '../forge.ts';
import { headerText } from '../header-text.ts';
import { readDeliveryHeaders } from '../read-delivery-headers.ts';
import { verifyHmac } from '../verify-hmac.ts';
import { parseGiteaEvent } from './parse-gitea-event.ts';

const HEADERS = {
  id: 'x-gitea-delivery',
  event: 'x-gitea-event',
  kept: ['x-gitea-event-type', 'user-agent'],
} as const;

/** The signature is the hex digest alone. */
export const giteaForge: Forge = {
  kind: 'gitea',
  signatureOf: (headers) => headerText(headers, 'x-gitea-signature'),
  readHeaders: (headers) => readDeliveryHeaders(headers, HEADERS),
  verify: verifyHmac,
  parse: parseGiteaEvent,
};
