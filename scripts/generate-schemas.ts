/** Writes the published JSON Schemas, and what else is made from zod schemas: `node scripts/generate-schemas.ts`. */

import { readFile, writeFile } from 'node:fs/promises';
import { chartFiles } from '@tekton-dag/cli';
import { jsonSchemas } from '@tekton-dag/model';
import { format, resolveConfig } from 'prettier';

const ROOT = new URL('../', import.meta.url);

const values = await readFile(new URL('helm/tekton-dag/values.yaml', ROOT), 'utf8');
for (const [path, content] of Object.entries({ ...jsonSchemas(), ...chartFiles(values) })) {
  const target = new URL(path, ROOT);
  const options = { ...(await resolveConfig(target)), filepath: path };
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await writeFile(target, await format(text, options));
  console.log(path);
}
