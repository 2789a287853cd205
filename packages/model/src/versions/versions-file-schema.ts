/** versionsFileSchema: the form of `versions.yaml`; published as stacks/versions.schema.json. */

import { z } from 'zod';
import { text } from '../file/formats.ts';

const entry = z.strictObject({
  version: text('semanticVersion').describe('The version in the making, such as 0.1.0-rc.3.'),
  'last-released': text('releasedVersion').exactOptional(),
});

export const versionsFileSchema = z
  .strictObject({ apps: z.record(text('appName'), entry) })
  .describe('The versions of the apps of all stacks.');
