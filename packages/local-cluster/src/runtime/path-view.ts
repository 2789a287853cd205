/** Turns paths as a container knows them into host paths, for containers without a file system of their own. */

import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Mount } from '../contracts/container-runtime.ts';

export interface PathView {
  /** The host path of one container path; the same path when the container has none of its own there. */
  path(path: string): string;
  /** A value of the environment: a path, or a colon list whose pieces are paths. Other values stay as they are. */
  value(value: string): string;
  /** An argument: as `value`, also behind `--flag=`, and mount paths inside a shell text. */
  argument(argument: string): string;
}

/** Host paths that can stand in a shell text without quotes; others are not put into one. */
const PLAIN_PATH = /^[\w./@+-]+$/;

export interface PathViewOptions {
  readonly mounts: readonly Mount[];
  /** The unpacked image. */
  readonly root?: string | undefined;
  /** Host paths that a container is told as they are, e.g. of its kubeconfig; a mount over them (at /tmp) hides them not. */
  readonly visible?: readonly string[];
}

/** Looks in the mounts first (longest path wins), then in the unpacked image at `root`. */
export function createPathView({ mounts, root, visible = [] }: PathViewOptions): PathView {
  const byLength = mounts.toSorted((one, other) => other.path.length - one.path.length);

  const isVisible = (text: string): boolean =>
    visible.some((each) => text.startsWith(each) && !/^[\w.-]/.test(text.slice(each.length)));

  const path = (value: string): string => {
    if (!value.startsWith('/')) return value;
    const clean = posix.normalize(value);
    if (isVisible(clean)) return value;
    const mount = byLength.find((each) => clean === each.path || clean.startsWith(`${each.path}/`));
    if (mount !== undefined) return mount.hostPath + clean.slice(mount.path.length);
    if (root === undefined || clean === '/') return value;
    return existsSync(join(root, clean)) ? join(root, clean) : value;
  };
  const value = (text: string): string => (text.includes('/') ? text.split(':').map(path).join(':') : text);

  return {
    path,
    value,
    argument(argument) {
      const whole = value(argument);
      if (whole !== argument) return whole;
      const flag = /^(--?[\w-]+=)(\/.*)$/s.exec(argument);
      if (flag !== null) return `${flag[1]}${value(flag[2] ?? '')}`;
      return replaceMountPaths(argument, byLength, isVisible);
    },
  };
}

function replaceMountPaths(
  text: string,
  mounts: readonly Mount[],
  isVisible: (text: string) => boolean,
): string {
  const usable = mounts.filter((mount) => mount.path !== mount.hostPath && PLAIN_PATH.test(mount.hostPath));
  if (usable.length === 0 || !text.includes('/')) return text;
  const paths = usable.map((mount) => mount.path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![\\w./-])(?:${paths})(?![\\w.-])`, 'g');
  return text.replace(pattern, (found, offset: number) => {
    if (isVisible(text.slice(offset))) return found;
    return usable.find((mount) => mount.path === found)?.hostPath ?? found;
  });
}
