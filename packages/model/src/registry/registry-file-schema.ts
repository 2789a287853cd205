/** registryFileSchema: the form of `registry.yaml`; published as stacks/registry.schema.json. */

import { z } from 'zod';
import { text } from '../file/formats.ts';

const entry = z.strictObject({
  stack: text('stackFile').describe('A file of the stacks folder.'),
  role: z.string().exactOptional(),
});

export const registryFileSchema = z
  .strictObject({ repos: z.record(text('appName'), entry) })
  .describe('Which stack each app belongs to.');
