/** The bubblewrap sandbox: containers see their mounts at the real paths, the host's tools read-only, a private /tmp. */

import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Mount } from '../contracts/container-runtime.ts';

export interface SandboxSpec {
  readonly mounts: readonly Mount[];
  readonly workingDir: string;
  /** Host directory shown at /tmp. */
  readonly temporary: string;
  /** Host paths that stay visible although they may lie under /tmp. */
  readonly visible: readonly Mount[];
  /** Unpacked image; `complete` when it brings its own system (/usr, /bin) and replaces the host's. */
  readonly root?: { readonly path: string; readonly complete: boolean };
}

const PROBE_TIMEOUT_MS = 5_000;
/** Made by the sandbox itself or given by mounts; never taken from the host. */
const NOT_FROM_HOST: ReadonlySet<string> = new Set(['dev', 'proc', 'sys', 'tmp', 'workspace', 'tekton']);

/** True when a sandbox can be made on this machine with this program (user namespaces may be forbidden). */
export function canSandbox(bubblewrap: string): boolean {
  const args = [
    '--ro-bind',
    '/',
    '/',
    '--unshare-pid',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--die-with-parent',
    'true',
  ];
  return spawnSync(bubblewrap, args, { stdio: 'ignore', timeout: PROBE_TIMEOUT_MS }).status === 0;
}

/** The arguments that go before the container's own command. */
export function renderSandboxArguments(spec: SandboxSpec): string[] {
  const onHost = spec.root?.complete !== true;
  const placed = onHost
    ? spec.mounts.map((mount) => ({ ...mount, path: followLinks(mount.path) }))
    : spec.mounts;
  // Outer ones first: a mount at /tmp must not hide what lies under it and is visible all the same.
  const mounts = [...spec.visible, ...placed].toSorted((one, other) => one.path.length - other.path.length);
  return [
    '--die-with-parent',
    '--unshare-pid',
    ...(spec.root?.complete === true ? ['--bind', spec.root.path, '/'] : renderHostRoot()),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--bind',
    spec.temporary,
    '/tmp',
    ...(spec.root?.complete === false ? renderImageEntries(spec.root.path) : []),
    ...renderMountPoints(placed, spec.root?.complete === true),
    ...mounts.flatMap(renderMount),
    '--dir',
    spec.workingDir,
    '--chdir',
    spec.workingDir,
    '--',
  ];
}

function renderMount({ hostPath, path, readOnly }: Mount): string[] {
  return [readOnly === true ? '--ro-bind' : '--bind', hostPath, path];
}

function renderHostRoot(): string[] {
  return readdirSync('/')
    .filter((name) => !NOT_FROM_HOST.has(name))
    .flatMap((name) => renderHostEntry(`/${name}`));
}

function renderHostEntry(path: string): string[] {
  const isLink = lstatSync(path).isSymbolicLink();
  return isLink ? ['--symlink', readlinkSync(path), path] : ['--ro-bind-try', path, path];
}

function renderImageEntries(root: string): string[] {
  return readdirSync(root).flatMap((name) => ['--bind', join(root, name), `/${name}`]);
}

/**
 * A mount point that the read-only host does not have cannot be made there: its nearest directory is laid out anew, with the
 * host's entries in it.
 */
function renderMountPoints(mounts: readonly Mount[], writableRoot: boolean): string[] {
  if (writableRoot) return [];
  const parents = new Set(
    mounts.filter((mount) => !existsSync(mount.path)).map((mount) => existingParent(mount.path)),
  );
  return [...parents]
    .filter((parent) => parent !== '/' && !NOT_FROM_HOST.has(parent.slice(1)))
    .flatMap((parent) => [
      '--tmpfs',
      parent,
      ...readdirSync(parent).flatMap((name) => renderHostEntry(join(parent, name))),
    ]);
}

/** Where a path lies once the host's links are followed (`/var/run` is one): a mount point cannot lie behind a link. */
function followLinks(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return path === '/' ? path : join(followLinks(dirname(path)), basename(path));
}

function existingParent(path: string): string {
  const parent = dirname(path);
  return existsSync(parent) ? parent : existingParent(parent);
}
