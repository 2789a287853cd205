/** PlatformFiles: where team files and stack files come from. */

import type { Path, Place } from '@tekton-dag/model';

export interface PlatformFiles {
  /** Rejects when it cannot be said. */
  listTeams(): Promise<TeamListing>;
  /** The path to read for a stack file as teams name it, e.g. `stacks/stack-one.yaml`. */
  pathOfStack(stackFile: string): string;
  /** Differs when the file differs; undefined when only its text can tell. Never rejects. */
  stampOf(path: string): Promise<string | undefined>;
  /** Rejects when the file cannot be read. */
  readText(path: string): Promise<string>;
  /** Where the value at `at` in a file stands; undefined, and absent, where the file's text tells. */
  readonly placeOf?: (path: string, at: Path) => Promise<Place | undefined>;
}

export interface TeamListing {
  /** Of the team files, in order. */
  readonly paths: readonly string[];
  /** Of `registry.yaml`, where it says what the one implicit team owns; absent where teams say it themselves. */
  readonly registryPath?: string;
}
