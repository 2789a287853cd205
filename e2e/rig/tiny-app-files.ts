/** tinyAppFiles: what a repository of the tiny app holds. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `baseImage` is what its Dockerfile starts from; it must have Node 24. */
export async function tinyAppFiles(baseImage = 'node:24-slim'): Promise<Record<string, string>> {
  const read = (file: string): Promise<string> => readFile(join(import.meta.dirname, file), 'utf8');
  return {
    Dockerfile: `FROM ${baseImage}\nWORKDIR /app\nCOPY . .\nCMD ["node", "tiny-app.ts"]\n`,
    'behaviour.json': '{"version":"1"}',
    'tiny-app.ts': await read('tiny-app.ts'),
    'steered-program.ts': await read('steered-program.ts'),
  };
}
