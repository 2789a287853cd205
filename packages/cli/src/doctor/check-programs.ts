/** checkPrograms: which programs that steps may run on this machine are on the PATH. */

import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { CliHost } from '../cli-host.ts';
import type { Check } from './check.ts';

interface Program {
  readonly name: string;
  readonly needed: boolean;
  readonly purpose: string;
}

const PROGRAMS: readonly Program[] = [
  { name: 'git', needed: true, purpose: 'fetches the repositories' },
  { name: 'npm', needed: false, purpose: 'builds npm apps on this machine' },
  { name: 'python3', needed: false, purpose: 'builds pip apps on this machine' },
  { name: 'mvn', needed: false, purpose: 'builds Maven apps on this machine' },
  { name: 'gradle', needed: false, purpose: 'builds Gradle apps on this machine' },
  { name: 'composer', needed: false, purpose: 'builds Composer apps on this machine' },
  { name: 'bwrap', needed: false, purpose: 'gives local steps real /workspace and /tekton paths' },
  { name: 'kubectl', needed: false, purpose: 'looks into clusters' },
];

/** One check per program, in a fixed order. */
export function checkPrograms({ env }: CliHost): Promise<Check[]> {
  const directories = (env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  return Promise.all(PROGRAMS.map((program) => checkProgram(program, directories)));
}

async function checkProgram(
  { name, needed, purpose }: Program,
  directories: readonly string[],
): Promise<Check> {
  for (const directory of directories) {
    const path = join(directory, name);
    if (await isExecutable(path)) return { name, state: 'ok', detail: path };
  }
  const hint = `install ${name}: it ${purpose}`;
  return { name, state: needed ? 'missing' : 'optional', detail: 'not on the PATH', hint };
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
