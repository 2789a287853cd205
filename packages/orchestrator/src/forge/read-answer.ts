/** readAnswer: the data of an answer by its schema; what is of another form is a `ForgeError`. */

import type { z } from 'zod';
import { ForgeError } from './forge-error.ts';
import type { ForgeAnswer } from './forge-request.ts';

export function readAnswer<S extends z.ZodType>(schema: S, answer: ForgeAnswer): z.output<S> {
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new ForgeError('unavailable', `the answer is not understood: ${place}: ${issue?.message ?? ''}`);
}
