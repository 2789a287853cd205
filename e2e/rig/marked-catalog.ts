/** markedCatalog: the tasks and pipelines of this checkout, with a mark in the description of every task. */

import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['tasks', 'pipeline', 'pipeline/pinned'];

/** Path in a repository to text. A TaskRun keeps the description in its status. */
export async function markedCatalog(mark: string): Promise<Record<string, string>> {
  const files: [string, string][] = [];
  for (const folder of FOLDERS) {
    const names = (await readdir(join(CHECKOUT, folder))).filter((name) => name.endsWith('.yaml'));
    for (const name of names) {
      const text = await readFile(join(CHECKOUT, folder, name), 'utf8');
      const marked = text.replace(/^spec:\n {2}description: .*$/m, `spec:\n  description: ${mark}`);
      files.push([`${folder}/${name}`, folder === 'tasks' ? marked : text]);
    }
  }
  return Object.fromEntries(files);
}
