/** Gitea deliveries: payloads in Gitea's form, and their signature. */

import { createHmac, randomUUID } from 'node:crypto';
import type { SignedDelivery } from './github-delivery.ts';

/** The payload of another forge, moved to a Gitea host. */
export function onGitea(payload: object, host = 'git.example.com'): object {
  const text = JSON.stringify(payload).replaceAll('https://github.com/', `https://${host}/`);
  const moved: object = JSON.parse(text.replaceAll('"action":"synchronize"', '"action":"synchronized"'));
  return moved;
}

/** The request that Gitea would send. */
export function signGiteaDelivery(
  payload: object,
  options: { readonly secret: string; readonly event?: string; readonly id?: string },
): SignedDelivery {
  const id = options.id ?? randomUUID();
  const body = Buffer.from(JSON.stringify(payload));
  const event = options.event ?? 'pull_request';
  return {
    id,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Go-http-client/1.1',
      'x-gitea-delivery': id,
      'x-gitea-event': event,
      'x-gitea-event-type': event,
      'x-gitea-signature': createHmac('sha256', options.secret).update(body).digest('hex'),
    },
  };
}
