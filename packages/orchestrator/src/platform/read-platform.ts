/** readPlatform: teams and stacks on the disk, once, as the service would load them. */

import { createDirectoryFiles, type AddedFiles } from './directory-files.ts';
import type { DefaultNamespaceOf } from './find-clashes.ts';
import { createPlatformLoader } from './load-platform.ts';
import type { PlatformSnapshot } from './platform-snapshot.ts';

export interface PlatformDirectories {
  /** Holds `<team>/team.yaml`. */
  readonly teamsDir: string;
  /** `stacks/...` is relative to it. */
  readonly platformDir: string;
  readonly defaultNamespaceOf: DefaultNamespaceOf;
  readonly added?: AddedFiles;
}

/** Never rejects for a file's sake: what is wrong stands in the snapshot's problems. */
export function readPlatform({
  defaultNamespaceOf,
  ...directories
}: PlatformDirectories): Promise<PlatformSnapshot> {
  const files = createDirectoryFiles({ ...directories, implicitTeam: undefined });
  return createPlatformLoader({ files, defaultNamespaceOf }).load();
}
