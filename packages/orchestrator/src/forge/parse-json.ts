/** parseJson: the JSON value of a body, which must be UTF-8 (RFC 8259, section 8.1). */

import { err, ok, type Result } from '@tekton-dag/model';
import type { PayloadProblem } from './payload-problem.ts';

/** Bytes that are not UTF-8 are refused, never replaced. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

export function parseJson(body: Uint8Array): Result<unknown, PayloadProblem> {
  try {
    return ok(JSON.parse(strictUtf8.decode(body)));
  } catch {
    return err({ reason: 'payload-not-json', message: 'the body is not JSON in UTF-8' });
  }
}
