/** createLog: JSON lines on stderr for the commands that serve. */

import { Writable } from 'node:stream';
import type { CliHost } from './cli-host.ts';

/** Constant messages; what varies is in the fields. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Fields that may hold a secret are masked, whatever a caller passes. */
const REDACTED = [
  'token',
  'password',
  'secret',
  'authorization',
  '*.token',
  '*.password',
  '*.secret',
  '*.authorization',
];

/** The level comes from LOG_LEVEL; default info. */
export async function createLog(host: CliHost): Promise<Log> {
  const { pino } = await import('pino');
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      host.stderr.write(chunk, () => done());
    },
  });
  const level = host.env['LOG_LEVEL'] ?? 'info';
  const timestamp = pino.stdTimeFunctions.isoTime;
  const logger = pino({ level, base: null, redact: REDACTED, timestamp }, stream);
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
