/** A directory of the few programs that the rig's cluster may use, so that a missing one is missing on every machine. */

import { access, mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const NEEDED = ['sh', 'git', 'cat', 'env', 'ls', 'mkdir', 'sleep', 'true', 'false', 'touch', 'uname'];

async function findProgram(name: string, path: string): Promise<string> {
  for (const directory of path.split(delimiter)) {
    const candidate = join(directory, name);
    const found = await access(candidate).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  throw new Error(`the tests need ${name} on the PATH`);
}

/** Makes `<root>/bin` with links to them and to this Node; returns the directory, which is a whole PATH. */
export async function linkHostPrograms(root: string): Promise<string> {
  const directory = join(root, 'bin');
  await mkdir(directory);
  await symlink(process.execPath, join(directory, 'node'));
  for (const name of NEEDED) {
    await symlink(await findProgram(name, process.env['PATH'] ?? ''), join(directory, name));
  }
  return directory;
}
