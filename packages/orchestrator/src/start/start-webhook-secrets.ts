/** startWebhookSecrets: the secrets that sign webhooks, those of the mounted directory kept fresh. */

import { watchWebhookSecrets } from '../forge/watch-webhook-secrets.ts';
import type { WebhookSecrets } from '../forge/webhook-secrets.ts';
import type { Parts } from './parts.ts';

export function startWebhookSecrets({
  config,
  log,
}: Pick<Parts, 'config' | 'log'>): Promise<WebhookSecrets & Disposable> {
  const { webhookSecrets: unnamed, webhookSecretsDir: directory } = config;
  return watchWebhookSecrets({ unnamed, directory, log });
}
