/** Writes the published JSON Schemas from the model's zod schemas: `node scripts/generate-schemas.ts`. */

import { writeFile } from 'node:fs/promises';
import { jsonSchemas } from '@tekton-dag/model';
import { format, resolveConfig } from 'prettier';

const ROOT = new URL('../', import.meta.url);

for (const [path, schema] of Object.entries(jsonSchemas())) {
  const target = new URL(path, ROOT);
  const options = await resolveConfig(target);
  await writeFile(target, await format(JSON.stringify(schema), { ...options, parser: 'json' }));
  console.log(path);
}
