/**
 * createDirectoryWatch: says when something may have changed in a set of directories. Directories alone are watched
 * (inotify by fs.watch), not their files: so it costs one watch per team, and files that are renamed into their place are
 * noticed, as are the links that ConfigMap volumes swap.
 */

import { watch, type FSWatcher } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname, join, parse, resolve, sep } from 'node:path';

export interface DirectoryWatch extends Disposable {
  /** Watches these and no others; those that are not there are left out. */
  follow(directories: Iterable<string>): Promise<void>;
}

interface Watched {
  readonly inode: number;
  readonly watcher: FSWatcher;
}

/** `onChange` may be called many times for one change. */
export function createDirectoryWatch(
  onChange: () => void,
  onError: (error: unknown) => void,
): DirectoryWatch {
  const watched = new Map<string, Watched>();
  let isDisposed = false;
  const drop = (directory: string): void => {
    watched.get(directory)?.watcher.close();
    watched.delete(directory);
  };
  const add = async (directory: string): Promise<void> => {
    const inode = await inodeOf(directory);
    if (inode === watched.get(directory)?.inode || isDisposed) return;
    drop(directory);
    if (inode === undefined) return;
    try {
      const watcher = watch(directory, { persistent: false }, onChange);
      watcher.on('error', (error) => {
        drop(directory);
        onError(error);
      });
      watched.set(directory, { inode, watcher });
    } catch (error) {
      onError(error);
    }
  };
  return {
    follow: async (directories) => {
      const wanted = await withLinks(directories);
      for (const directory of watched.keys()) if (!wanted.has(directory)) drop(directory);
      for (const directory of wanted) await add(directory);
    },
    [Symbol.dispose]: () => {
      isDisposed = true;
      for (const directory of watched.keys()) drop(directory);
    },
  };
}

/** A directory that was deleted and made again is another one. */
async function inodeOf(directory: string): Promise<number | undefined> {
  return stat(directory).then(
    ({ ino }) => ino,
    () => undefined,
  );
}

/** A link on the way to a directory is noticed where it lies, and what is not there yet, where it will be. */
async function withLinks(directories: Iterable<string>): Promise<ReadonlySet<string>> {
  const wanted = new Set<string>();
  const known = new Set<string>();
  for (const directory of directories) {
    wanted.add(resolve(directory));
    for (const step of stepsTo(resolve(directory))) {
      if (known.has(step)) continue;
      known.add(step);
      if (await isMovable(step)) wanted.add(dirname(step));
    }
  }
  return wanted;
}

function stepsTo(path: string): readonly string[] {
  const { root } = parse(path);
  const names = path.slice(root.length).split(sep).filter(Boolean);
  return names.map((_, index) => join(root, ...names.slice(0, index + 1)));
}

async function isMovable(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => true,
  );
}
