/** listStackFiles: the stack files of a directory; versions and registry files are none. */

import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CliFailure } from './cli-failure.ts';
import type { CliHost } from './cli-host.ts';
import { EXIT } from './exit-code.ts';

const NOT_STACKS = new Set(['versions.yaml', 'registry.yaml', 'versions.yml', 'registry.yml']);

/** Paths as the user would write them, in alphabetical order. CliFailure when the directory cannot be read. */
export async function listStackFiles(host: CliHost, directory: string): Promise<string[]> {
  try {
    const names = await readdir(resolve(host.cwd, directory));
    const stackNames = names.filter((name) => /\.ya?ml$/.test(name) && !NOT_STACKS.has(name));
    return stackNames.toSorted((a, b) => a.localeCompare(b)).map((name) => join(directory, name));
  } catch {
    throw new CliFailure(EXIT.invalidInput, `cannot read the directory ${directory}`);
  }
}
