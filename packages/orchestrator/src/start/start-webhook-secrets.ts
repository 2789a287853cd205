/** startWebhookSecrets: the secrets that sign webhooks, kept as their files are. */

import { watchWebhookSecrets } from '../forge/watch-webhook-secrets.ts';
import type { WebhookSecrets } from '../forge/webhook-secrets.ts';
import type { Parts } from './parts.ts';

export function startWebhookSecrets({
  config,
  log,
}: Pick<Parts, 'config' | 'log'>): Promise<WebhookSecrets & Disposable> {
  return watchWebhookSecrets({
    unnamed: config.webhookSecrets,
    unnamedFiles: config.webhookSecretFiles,
    directory: config.webhookSecretsDir,
    log,
  });
}
