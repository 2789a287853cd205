/** hashContent: what determines an image, as one hash: the same hash means that nothing has to be made anew. */

import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ImageBuild } from './image-build.ts';

/** `base` is the digest of what FROM names, or the hash of its content. 64 hexadecimal digits. Throws ENOENT. */
export async function hashContent({ dockerfile, context, args }: ImageBuild, base: string): Promise<string> {
  const hash = createHash('sha256');
  const add = (...parts: readonly (string | Buffer)[]): void => {
    for (const part of parts) hash.update(`${part.length}:`).update(part);
  };
  add(base, await readFile(dockerfile));
  for (const [name, value] of Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1))) add(name, value);
  for (const path of await listFiles(context)) add(relative(context, path), ...(await readEntry(path)));
  return hash.digest('hex');
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}

/** Whether it can be executed, and its bytes. */
async function readEntry(path: string): Promise<[string, string | Buffer]> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return ['link', await readlink(path)];
  return [(stats.mode & 0o100) === 0 ? 'file' : 'program', await readFile(path)];
}
