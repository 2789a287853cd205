/** Writes pipeline/pinned from pipeline/: `node scripts/generate-pinned-pipelines.ts`. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { renderPinnedPipelines } from '../packages/cli/src/catalog/render-pinned-pipelines.ts';

const ROOT = join(import.meta.dirname, '..');

for (const [path, text] of await renderPinnedPipelines(ROOT)) {
  const target = join(ROOT, path);
  await mkdir(dirname(target), { recursive: true });
  const options = await resolveConfig(target);
  await writeFile(target, await format(text, { ...options, filepath: target }));
  console.log(path);
}
