/** Image layers are unpacked without trust: nothing leaves the root, nothing special is made, sizes are limited. */

import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackLayer } from '../../src/runtime/unpack-layer.ts';
import { tarArchive, type TarEntry } from './tar-archive.ts';

const LIMITS = { maxEntries: 100, maxBytes: 1_000_000 };
let directory: string;
let root: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'layer-'));
  root = join(directory, 'root');
  mkdirSync(root);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function unpack(entries: readonly TarEntry[], limits = LIMITS): Promise<void> {
  const file = join(directory, 'layer.tar.gz');
  writeFileSync(file, gzipSync(tarArchive(entries)));
  await unpackLayer(file, root, limits);
}

describe('unpacking a layer', () => {
  it('writes files, directories and links that stay inside', async () => {
    await unpack([
      { path: 'app/', type: '5', mode: 0o755 },
      { path: 'app/main.sh', content: 'echo', mode: 0o755 },
      { path: 'app/again.sh', type: '1', link: 'app/main.sh' },
      { path: 'run.sh', type: '2', link: 'app/main.sh' },
      { path: 'app/abs', type: '2', link: '/app/main.sh' },
    ]);
    expect(readFileSync(join(root, 'run.sh'), 'utf8')).toBe('echo');
    expect(readFileSync(join(root, 'app/again.sh'), 'utf8')).toBe('echo');
    expect(readlinkSync(join(root, 'app/abs'))).toBe('../app/main.sh');
    expect(statSync(join(root, 'app/main.sh')).mode & 0o777).toBe(0o755);
  });

  it.each<[string, TarEntry[]]>([
    ['a path with ..', [{ path: '../outside', content: 'x' }]],
    ['a deep path with ..', [{ path: 'a/../../outside', content: 'x' }]],
    [
      'a link out and a file through it',
      [
        { path: 'way', type: '2', link: '..' },
        { path: 'way/outside', content: 'x' },
      ],
    ],
    [
      'a chain of links',
      [
        { path: 'b', type: '2', link: '/' },
        { path: 'way', type: '2', link: 'b/../..' },
        { path: 'way/outside', content: 'x' },
      ],
    ],
    ['a hard link to a file outside', [{ path: 'copy', type: '1', link: '../secret' }]],
  ])('lets nothing out by %s', async (_name, entries) => {
    writeFileSync(join(directory, 'secret'), 'secret');
    await unpack(entries);
    expect(existsSync(join(directory, 'outside'))).toBe(false);
    expect(existsSync(join(root, 'copy'))).toBe(false);
    expect(existsSync(join(root, 'way', 'secret'))).toBe(false);
  });

  it('takes absolute paths as paths of the image', async () => {
    await unpack([{ path: '/etc/app.conf', content: 'x' }]);
    expect(readFileSync(join(root, 'etc/app.conf'), 'utf8')).toBe('x');
  });

  it('makes no devices and grants no set-user-id', async () => {
    await unpack([
      { path: 'null', type: '3' },
      { path: 'su', content: 'x', mode: 0o4755 },
    ]);
    expect(existsSync(join(root, 'null'))).toBe(false);
    expect(lstatSync(join(root, 'su')).mode & 0o7000).toBe(0);
  });

  it('removes what whiteouts of a later layer name, and only inside the root', async () => {
    writeFileSync(join(directory, 'keep'), 'x');
    await unpack([
      { path: 'app/old', content: 'x' },
      { path: 'app/dir/a', content: 'x' },
      { path: 'app/dir/b', content: 'x' },
      { path: 'up', type: '2', link: '.' },
    ]);
    await unpack([
      { path: 'app/.wh.old' },
      { path: 'app/dir/.wh..wh..opq' },
      { path: 'app/dir/c', content: 'new' },
      { path: '../.wh.keep' },
      { path: '.wh...' },
    ]);
    expect(existsSync(join(root, 'app/old'))).toBe(false);
    expect(existsSync(join(root, 'app/dir/a'))).toBe(false);
    expect(readFileSync(join(root, 'app/dir/c'), 'utf8')).toBe('new');
    expect(existsSync(join(directory, 'keep'))).toBe(true);
  });

  it('refuses layers that are too large before it writes anything', async () => {
    const big = { path: 'big', content: 'x'.repeat(2_000) };
    await expect(
      unpack([{ path: 'first', content: 'x' }, big], { maxEntries: 10, maxBytes: 1_000 }),
    ).rejects.toThrow(/more than/);
    expect(existsSync(join(root, 'first'))).toBe(false);
    const many = Array.from({ length: 20 }, (_, index) => ({ path: `f${index}` }));
    await expect(unpack(many, { maxEntries: 10, maxBytes: 1_000 })).rejects.toThrow(/more than 10 files/);
  });

  it('refuses what is not an archive', async () => {
    const file = join(directory, 'layer');
    writeFileSync(file, 'not a tar archive at all'.repeat(100));
    await expect(unpackLayer(file, root, LIMITS)).rejects.toThrow();
  });
});
