/** packageRootOf: the directory that holds everything a program of a package may load. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The topmost directory above `file` that has a package.json, workspaces included; else the directory of the file. */
export function packageRootOf(file: string): string {
  let root = dirname(file);
  for (let directory = root; directory !== dirname(directory); directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) root = directory;
  }
  return root;
}
