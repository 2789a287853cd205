/** plainText: text that a store and a log can hold: no control characters. Postgres takes no NUL. */

import { z } from 'zod';

export function plainText(maxLength: number) {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .regex(/^[ -~\u00a0-\uffff]*$/, 'must not have control characters');
}
