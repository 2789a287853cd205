/** findProgram: where a program is on the PATH. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** An absolute path; undefined where there is none. */
export function findProgram(name: string, path = process.env['PATH'] ?? ''): string | undefined {
  return path
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
