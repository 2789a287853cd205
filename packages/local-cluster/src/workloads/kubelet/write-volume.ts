/**
 * writeVolume: files of a ConfigMap, Secret or projected volume, exchanged as a whole as the kubelet does it: each name is a
 * link into `..data`, and `..data` is a link to one version, replaced in one step.
 */

import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export interface VolumeFile {
  /** Relative to the volume. */
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

const CURRENT = '..data';

/** Does nothing when the volume holds just these files already. Readers see the old files or the new ones, never both. */
export function writeVolume(directory: string, files: readonly VolumeFile[]): void {
  mkdirSync(directory, { recursive: true });
  const version = versionOf(files);
  if (linkTarget(join(directory, CURRENT)) === version) return;
  writeVersion(join(directory, version), files);
  pointTo(directory, version);
  const names = new Set(files.map(({ path }) => path.split('/')[0] ?? ''));
  for (const name of names) linkName(directory, name);
  for (const name of readdirSync(directory)) {
    if (name !== CURRENT && name !== version && !names.has(name)) {
      rmSync(join(directory, name), { recursive: true, force: true });
    }
  }
}

/** Follows from the files, so that the same files are the same version. */
function versionOf(files: readonly VolumeFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content, mode } of files)
    hash.update(JSON.stringify([path, mode, content.length])).update(content);
  return `..${hash.digest('hex').slice(0, 16)}`;
}

function writeVersion(directory: string, files: readonly VolumeFile[]): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  for (const { path, content, mode } of files) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode });
    chmodSync(file, mode);
  }
}

function pointTo(directory: string, version: string): void {
  const fresh = join(directory, `${CURRENT}_tmp`);
  rmSync(fresh, { force: true });
  symlinkSync(version, fresh);
  renameSync(fresh, join(directory, CURRENT));
}

function linkName(directory: string, name: string): void {
  const path = join(directory, name);
  const target = `${CURRENT}/${name}`;
  if (linkTarget(path) === target) return;
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}

function linkTarget(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}
