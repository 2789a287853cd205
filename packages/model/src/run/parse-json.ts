/** parseJson: a part of the run record, from text to checked value. */

import { z } from 'zod';
import { err, ok, type Result } from '../result.ts';

/** The text is no JSON, or not of the part's form. */
export interface RecordFailure {
  readonly reason: 'invalid-record';
  readonly message: string;
}

/** Reads JSON and meets it with the schema; the message names every place that does not fit. */
export function parseJson<T>(text: string, schema: z.ZodType<T>): Result<T, RecordFailure> {
  const json = readJson(text);
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.value);
  return parsed.success ? ok(parsed.data) : err(failure(z.prettifyError(parsed.error)));
}

function readJson(text: string): Result<unknown, RecordFailure> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return err(failure(error instanceof Error ? error.message : 'not JSON'));
  }
}

function failure(message: string): RecordFailure {
  return { reason: 'invalid-record', message };
}
