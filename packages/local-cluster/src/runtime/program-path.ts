/** Finds the host's program for a command, and says what to install when there is none. */

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const INSTALL_HINTS: Readonly<Record<string, string>> = {
  mvn: 'install Maven',
  gradle: 'install Gradle',
  java: 'install a JDK',
  composer: 'install Composer',
  php: 'install PHP',
  pip: 'install Python 3 with pip',
  pip3: 'install Python 3 with pip',
  python: 'install Python 3',
  python3: 'install Python 3',
  npm: 'install Node.js with npm',
  node: 'install Node.js',
  git: 'install Git',
  bash: 'install Bash',
  kubectl: 'install kubectl',
  helm: 'install Helm',
};

/** The absolute path of the executable file that `program` names, as execvp(3) would find it. */
export function findProgram(program: string, searchPath: string, cwd: string): string | undefined {
  if (program.includes('/')) return executableOrNothing(resolve(cwd, program));
  for (const directory of searchPath.split(delimiter).filter((part) => part !== '')) {
    const found = executableOrNothing(join(resolve(cwd, directory), program));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Why a container of `image` cannot start, with what to do about it. */
export function missingProgramMessage(image: string, program: string): string {
  const where = program.includes('/') ? 'does not exist or is not executable' : 'is not on the PATH';
  const hint = INSTALL_HINTS[program] ?? (program.includes('/') ? '' : `install ${JSON.stringify(program)}`);
  const advice = hint === '' ? '' : `; ${hint} and start the cluster again with it on the PATH`;
  return `image ${image}: program ${JSON.stringify(program)} ${where}${advice}`;
}

function executableOrNothing(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}
