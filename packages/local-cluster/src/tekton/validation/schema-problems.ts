/** Checks the shape of a spec with its zod schema and tells each problem at its field. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { z } from 'zod';
import type { FieldError } from '../../contracts/resource-definition.ts';

/** The typed spec, or every field that has the wrong shape. */
export function readSpec<T>(schema: z.ZodType<T>, value: unknown, field: string): Result<T, FieldError[]> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return err(
    parsed.error.issues.map((issue) => ({
      field: fieldOf(field, issue.path),
      message: `invalid value: ${issue.message}`,
    })),
  );
}

function fieldOf(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (field, part) => (typeof part === 'number' ? `${field}[${part}]` : `${field}.${String(part)}`),
    root,
  );
}
