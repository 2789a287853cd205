/** The directories that every TaskRun has: Tekton's own, and one per workspace and volume. */

import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ContainerRuntime, Mount } from '../../contracts/container-runtime.ts';
import type { ClusterContext, Paths } from '../../contracts/cluster-context.ts';
import { removeDirectory } from '../../remove-directory.ts';

/** Tekton's own directories that a task may need besides /workspace. */
export type OwnDirectory = 'results' | 'steps' | 'scripts' | 'creds';

/** Host directories of one attempt of a TaskRun, and how its steps see them. */
export interface TaskDirectories {
  readonly results: Mount;
  readonly steps: Mount;
  readonly scripts: Mount;
  readonly credentials: Mount;
  /** Those that were made, for a container. */
  readonly mounts: readonly Mount[];
  /** True when one of Tekton's own directories was made. */
  has(directory: OwnDirectory): boolean;
  /** Where a container sees a mount. */
  pathOf(mount: Mount): string;
  /** A new directory for a volume of this attempt. */
  volume(name: string): string;
}

/** The name under which an attempt's directories are kept. */
export const directoryOwner = (taskRunUid: string, retries: number): string => `${taskRunUid}-${retries}`;

/** Removes all directories of an attempt, also those that a killed process left. Never rejects. */
export async function removeTaskDirectories(
  owner: string,
  { paths, log }: Pick<ClusterContext, 'paths' | 'log'>,
): Promise<void> {
  const parent = dirname(paths.volume(owner, 'tekton'));
  if (basename(parent) === owner) await removeDirectory(parent, log);
}

/** Makes the directories that are needed and no others; `owner` is unique for the attempt. */
export function makeTaskDirectories(
  owner: string,
  needed: ReadonlySet<OwnDirectory>,
  { paths, runtime }: { readonly paths: Paths; readonly runtime: ContainerRuntime },
): TaskDirectories {
  const root = paths.volume(owner, 'tekton');
  const mount = (name: OwnDirectory): Mount => ({ hostPath: join(root, name), path: `/tekton/${name}` });
  const workspace: Mount = { hostPath: join(root, 'workspace'), path: '/workspace' };
  const mounts = [workspace, ...[...needed].map(mount)];
  for (const { hostPath } of mounts) mkdirSync(hostPath, { recursive: true });
  return {
    results: mount('results'),
    steps: mount('steps'),
    scripts: mount('scripts'),
    credentials: mount('creds'),
    mounts,
    has: (directory) => needed.has(directory),
    pathOf: (one) => runtime.pathOf(one),
    volume: (name) => paths.volume(owner, name),
  };
}

/** A path inside a container, as the container really sees it: the mount it lies in may be a host directory. */
export function seenPath(
  path: string,
  mounts: readonly Mount[],
  pathOf: (mount: Mount) => string,
): { readonly path: string; readonly hostPath?: string } {
  const holders = mounts.filter((mount) => path === mount.path || path.startsWith(`${mount.path}/`));
  const [holder] = holders.sort((a, b) => b.path.length - a.path.length);
  if (holder === undefined) return { path };
  const rest = path.slice(holder.path.length);
  return { path: pathOf(holder) + rest, hostPath: holder.hostPath + rest };
}
