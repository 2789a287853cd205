/** The form of param `build` of task build-app: the build settings of one app, as in the plan. */
import { BUILD_TOOLS, type Build } from '@tekton-dag/model';
import { z } from 'zod';

const text = z.string().exactOptional();

export const buildSchema: z.ZodType<Build> = z.strictObject({
  tool: z.enum(BUILD_TOOLS),
  runtime: z.string(),
  buildCommand: text,
  preCommand: text,
  postCommand: text,
  javaVersion: text,
  nodeVersion: text,
  pythonVersion: text,
  phpVersion: text,
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'must be a variable name'), z.string()),
});
