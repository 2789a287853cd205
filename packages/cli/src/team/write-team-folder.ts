/** writeTeamFolder: the files of a new team, all of them or none. */

import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TeamFiles } from './render-team-files.ts';

/** Made beside its place and moved there; rejects where something has the name by then. */
export async function writeTeamFolder(directory: string, { team, values }: TeamFiles): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  // Folders that begin with a dot are no teams, whoever looks meanwhile.
  const scratch = await mkdtemp(join(dirname(directory), '.new-'));
  try {
    const folder = join(scratch, 'team');
    await mkdir(folder);
    await writeFile(join(folder, 'team.yaml'), team);
    await writeFile(join(folder, 'values.yaml'), values);
    await rename(folder, directory);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
