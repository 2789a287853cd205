/** readTeam and readVersions: the optional files beside a stack. */

import { parseTeam, parseVersions, type Team, type Versions } from '@tekton-dag/model';
import type { CliHost } from './cli-host.ts';
import { readInputFile, type InputOptions } from './read-input-file.ts';

/** Undefined when no file was named. */
export async function readTeam(
  host: CliHost,
  file: string | undefined,
  options: InputOptions,
): Promise<Team | undefined> {
  return file === undefined ? undefined : readInputFile(host, file, parseTeam, options);
}

/** No versions when no file was named: every app then has the first version. */
export async function readVersions(
  host: CliHost,
  file: string | undefined,
  options: InputOptions,
): Promise<Versions> {
  return file === undefined ? { apps: {} } : readInputFile(host, file, parseVersions, options);
}
