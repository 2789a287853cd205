/** parseInterceptorRequest: the delivery in what an EventListener of Tekton Triggers sends to an interceptor. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { parseJson } from '../forge/parse-json.ts';

export interface WrappedDelivery {
  /** As it was signed: JSON keeps every character of a text that is UTF-8. */
  readonly body: Uint8Array;
  /** Names in lower case; of several values the first. */
  readonly headers: IncomingHttpHeaders;
}

/** Tekton Triggers 0.37, v1beta1: InterceptorRequest; what is not needed may be there. */
const schema = z.looseObject({
  body: z.string(),
  header: z.record(z.string(), z.array(z.string())),
});

export interface InterceptorRequestProblem {
  readonly reason: 'payload-not-json' | 'payload-invalid';
  readonly message: string;
}

/** The message says what is wrong, and repeats nothing. */
export function parseInterceptorRequest(
  bytes: Uint8Array,
): Result<WrappedDelivery, InterceptorRequestProblem> {
  const json = parseJson(bytes);
  if (!json.ok) return err({ reason: 'payload-not-json', message: json.error.message });
  const parsed = schema.safeParse(json.value);
  if (!parsed.success) {
    return err({ reason: 'payload-invalid', message: 'it must be an InterceptorRequest of Tekton Triggers' });
  }
  const { body, header } = parsed.data;
  const headers = Object.entries(header).map(([name, [value]]) => [name.toLowerCase(), value] as const);
  return ok({ body: Buffer.from(body, 'utf8'), headers: Object.fromEntries(headers) });
}
