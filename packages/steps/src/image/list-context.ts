/** Lists what is in a build context; links are listed and never followed. */
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface ContextEntry {
  /** Relative to the context, `/` between segments. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly executable: boolean;
  readonly sizeBytes: number;
  readonly linkTarget?: string;
}

const describe = async (root: string, path: string): Promise<ContextEntry | undefined> => {
  const status = await lstat(join(root, path));
  const shared = { path, executable: (status.mode & 0o111) !== 0, sizeBytes: status.size };
  if (status.isDirectory()) return { ...shared, kind: 'directory' };
  if (status.isFile()) return { ...shared, kind: 'file' };
  if (status.isSymbolicLink()) {
    return { ...shared, kind: 'symlink', linkTarget: await readlink(join(root, path)) };
  }
  return undefined;
};

/** All entries sorted by path, without `.git` and without what `isIgnored` names. */
export const listContext = async (
  root: string,
  isIgnored: (path: string) => boolean,
): Promise<ContextEntry[]> => {
  const entries: ContextEntry[] = [];
  const visit = async (directory: string): Promise<void> => {
    for (const name of (await readdir(join(root, directory))).toSorted()) {
      const path = directory === '' ? name : `${directory}/${name}`;
      if (path === '.git') continue;
      const entry = await describe(root, path);
      if (entry === undefined) continue;
      if (!isIgnored(path)) entries.push(entry);
      // An ignored directory may still hold files that a `!` rule keeps.
      if (entry.kind === 'directory') await visit(path);
    }
  };
  await visit('');
  return entries;
};
