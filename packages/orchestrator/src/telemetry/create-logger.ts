/** createLogger: JSON lines without secrets, whatever a caller passes. */

import { pino, type DestinationStream, type Logger } from 'pino';
import { listSecrets } from '../config/list-secrets.ts';
import type { OrchestratorConfig } from '../config/orchestrator-config.ts';
import { createSecretMask } from '../mask-secrets.ts';
import { Secret } from '../secret.ts';

/** Fields that may hold a secret, at the places where they come to be. */
const FIELDS = ['token', 'password', 'secret', 'authorization', 'cookie'];
const HEADERS = [
  'authorization',
  'cookie',
  '["x-hub-signature"]',
  '["x-hub-signature-256"]',
  '["x-gitea-signature"]',
];
const REDACTED = [
  ...FIELDS.flatMap((field) => [field, `*.${field}`]),
  ...HEADERS.flatMap((header) =>
    ['headers', 'req.headers', 'err.request.headers', 'err.response.headers'].map(
      (path) => `${path}${header.startsWith('[') ? '' : '.'}${header}`,
    ),
  ),
];

/** The mask sees each line as it is written: messages, stacks of errors and URLs included. */
export function createLogger(config: OrchestratorConfig, destination?: DestinationStream): Logger {
  const mask = createSecretMask(listSecrets(config).flatMap((secret) => [secret, quotedFormOf(secret)]));
  const options = {
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: '[secret]' },
    hooks: { streamWrite: mask },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** As it stands in a line of JSON. */
function quotedFormOf(secret: Secret): Secret {
  return new Secret(JSON.stringify(secret.reveal()).slice(1, -1));
}
