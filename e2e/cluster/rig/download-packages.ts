/** downloadPackages: what the example apps depend on, fetched on this machine, because pods may reach no registry. */

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PackageFile, PackageFiles } from './serve-packages.ts';

const run = promisify(execFile);

export interface Wanted {
  readonly name: string;
  readonly version: string;
}

async function fetchInto(
  directory: string,
  { name, version }: Wanted,
  [program = '', ...args]: readonly string[],
): Promise<PackageFile> {
  const before = new Set(await readdir(directory));
  await run(program, args, { cwd: directory });
  const fileName = (await readdir(directory)).find((file) => !before.has(file)) ?? '';
  return { name, version, fileName, bytes: await readFile(join(directory, fileName)) };
}

/** Uses npm and pip as this machine has them set up. */
export async function downloadPackages(npm: Wanted, pip: Wanted): Promise<PackageFiles> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-packages-'));
  try {
    const pack = ['npm', 'pack', '--silent', `${npm.name}@${npm.version}`];
    const download = [
      'python3',
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      `${pip.name}==${pip.version}`,
    ];
    return {
      npm: [await fetchInto(directory, npm, pack)],
      pip: [await fetchInto(directory, pip, download)],
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}
