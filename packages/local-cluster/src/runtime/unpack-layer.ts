/** Unpacks one image layer into a root directory as the OCI image spec says, trusting nothing that the archive holds. */

import { createReadStream, realpathSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, posix, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, Parser, type ReadEntry } from 'tar';

export interface LayerLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Also removed from every mode: set-user-id, set-group-id and sticky bits. */
const PERMISSION_BITS = 0o777;
const WHITEOUT = '.wh.';
const OPAQUE_WHITEOUT = '.wh..wh..opq';
const KEPT_TYPES: ReadonlySet<string> = new Set([
  'File',
  'OldFile',
  'ContiguousFile',
  'Directory',
  'SymbolicLink',
  'Link',
]);

/**
 * Applies the layer in `file` (tar, plain or compressed) to `root`.
 * Throws when the layer is larger than the limits or is not an archive. Devices, links that point out of the root and paths
 * that leave it are left out; absolute links are made relative to the root.
 */
export async function unpackLayer(file: string, root: string, limits: LayerLimits): Promise<void> {
  const whiteouts = await scanLayer(file, limits);
  for (const path of whiteouts) await applyWhiteout(root, path);
  const failures: string[] = [];
  await extract({
    file,
    onwarn: (_code, message, data) => {
      // Refused entries are left out; a refusal of the operating system (a full disk) is a fault.
      if (typeof data === 'object' && data !== null && 'syscall' in data) failures.push(message);
    },
    cwd: root,
    strict: false,
    preserveOwner: false,
    filter: (path, entry) => 'type' in entry && makeSafe(path, entry),
  });
  if (failures.length > 0) throw new Error(`the layer could not be written: ${failures[0]}`);
}

/** Reads the headers alone: checks the limits before anything is written and finds the whiteouts. */
async function scanLayer(file: string, limits: LayerLimits): Promise<readonly string[]> {
  const whiteouts: string[] = [];
  let entries = 0;
  let bytes = 0;
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      entries += 1;
      bytes += entry.size;
      if (basename(entry.path).startsWith(WHITEOUT)) whiteouts.push(entry.path);
      if (entries > limits.maxEntries || bytes > limits.maxBytes) parser.abort(new Error(tooLarge(limits)));
      else entry.resume();
    },
  });
  await pipeline(createReadStream(file), parser);
  return whiteouts;
}

function tooLarge({ maxEntries, maxBytes }: LayerLimits): string {
  return `the layer has more than ${maxEntries} files or ${maxBytes} bytes`;
}

async function applyWhiteout(root: string, path: string): Promise<void> {
  const directory = directoryInside(root, dirname(path));
  if (directory === undefined) return;
  const name = basename(path);
  const names = name === OPAQUE_WHITEOUT ? await readdir(directory) : [name.slice(WHITEOUT.length)];
  for (const victim of names.filter((each) => each !== '' && each !== '.' && each !== '..')) {
    rmSync(join(directory, victim), { recursive: true, force: true });
  }
}

function directoryInside(root: string, path: string): string | undefined {
  try {
    const real = realpathSync(join(root, path));
    return real === root || real.startsWith(root + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}

function makeSafe(path: string, entry: ReadEntry): boolean {
  if (!KEPT_TYPES.has(entry.type) || basename(path).startsWith(WHITEOUT)) return false;
  const ownerBits = entry.type === 'Directory' ? 0o700 : 0o600;
  entry.mode = ((entry.mode ?? 0o644) & PERMISSION_BITS) | ownerBits;
  if (entry.type === 'SymbolicLink') return makeSymbolicLinkSafe(path, entry);
  return entry.type !== 'Link' || makeHardLinkSafe(entry);
}

function makeSymbolicLinkSafe(path: string, entry: ReadEntry): boolean {
  const target = relativeLinkTarget(path, entry.linkpath ?? '');
  if (target === undefined) return false;
  entry.linkpath = target;
  return true;
}

/**
 * The link's target, relative and inside the root; undefined when it leaves the root. `..` counts at the start alone:
 * behind a name that may itself be a link it would not mean what it says.
 */
export function relativeLinkTarget(path: string, target: string): string | undefined {
  const directory = posix.dirname(posix.normalize(path).replace(/^\/+/, ''));
  const depth = directory === '.' ? 0 : directory.split('/').length;
  if (target === '' || target.includes('\0')) return undefined;
  if (target.startsWith('/'))
    return '../'.repeat(depth) + (posix.normalize(target).replace(/^\/+/, '') || '.');
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const ups = parts.findIndex((part) => part !== '..');
  const leading = ups === -1 ? parts.length : ups;
  return leading > depth || parts.slice(leading).includes('..') ? undefined : parts.join('/') || '.';
}

function makeHardLinkSafe(entry: ReadEntry): boolean {
  const target = posix.normalize(entry.linkpath ?? '').replace(/^\/+/, '');
  if (target === '' || target === '..' || target.startsWith('../')) return false;
  entry.linkpath = target;
  return true;
}
