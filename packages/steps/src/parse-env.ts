/** Reads a step's params from env: all problems at once, values never echoed. */
import type { z } from 'zod';
import { EXIT, StepFailure } from './step-failure.ts';

const describeIssue = (issue: z.core.$ZodIssue): string => {
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
};

/** Parses env against a schema whose keys are variable names. Throws STEP_ENV_INVALID, exit code 3. */
export const parseEnv = <T extends z.ZodType>(
  schema: T,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<T> => {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(describeIssue);
  throw new StepFailure(`${problems.length} bad param(s): ${problems.join('; ')}`, {
    code: 'STEP_ENV_INVALID',
    hint: 'each name is a task param in upper snake case',
    exitCode: EXIT.invalidInput,
  });
};
