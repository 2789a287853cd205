/**
 * findOutwardLinks: symbolic links below a directory that lead out of the repository. Argo CD renders nothing of a
 * repository that has one, so a link in one team's folder would stop all teams.
 */

import type { Diagnostic } from '@tekton-dag/model';
import { readdir, readlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** In the order of their paths; none when the directory is not there. Absolute links lead out wherever they end. */
export async function findOutwardLinks(
  directory: string,
  repository: string,
): Promise<readonly Diagnostic[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  const links = entries.filter((entry) => entry.isSymbolicLink());
  const found = links.map(async ({ parentPath, name }) => {
    const file = join(parentPath, name);
    return leadsOut(file, await readlink(file), repository) ? [describeLink(file)] : [];
  });
  return (await Promise.all(found)).flat().toSorted((a, b) => a.file.localeCompare(b.file));
}

function leadsOut(file: string, target: string, repository: string): boolean {
  if (isAbsolute(target)) return true;
  const [first] = relative(repository, resolve(dirname(file), target)).split('/');
  return first === '..';
}

function describeLink(file: string): Diagnostic {
  return {
    file,
    line: 1,
    column: 1,
    code: 'outward-link',
    message: 'is a symbolic link that leads out of the repository, and Argo CD then renders no team',
    hint: 'put the file itself there',
  };
}
