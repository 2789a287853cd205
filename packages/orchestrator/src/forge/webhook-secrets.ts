/** WebhookSecrets: which secrets may sign a webhook, by the name in its path. */

import type { Secret } from '../secret.ts';

export interface WebhookSecrets {
  /** Of an empty name: those without a name. Undefined where there is no such name. */
  find(name: string): readonly Secret[] | undefined;
}
