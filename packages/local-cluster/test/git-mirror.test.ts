/** createGitMirror on real repositories: links, tokens, copies that a killed git left half-made, and large files. */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitMirror, type GitMirror, type WantedFile } from '../src/tekton/remote/git-mirror.ts';

const run = promisify(execFile);
const MEBIBYTE = 1024 * 1024;

let root: string;
let mirror: GitMirror;
let commit: string;

const copies = (): string => join(root, 'copies');

async function commitAll(): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', args, { cwd: join(root, 'source') })).stdout.trim();
  await git('add', '.');
  await git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'files');
  return await git('rev-parse', 'HEAD');
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'git-mirror-'));
  const source = join(root, 'source');
  await mkdir(join(source, 'folder'), { recursive: true });
  await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: source });
  await writeFile(join(source, 'folder/task.yaml'), 'the task: é\n');
  commit = await commitAll();
  mirror = createGitMirror(copies());
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

const read = async (
  path: string,
  wanted: Partial<WantedFile> = {},
): Promise<Awaited<ReturnType<GitMirror['read']>>> =>
  await mirror.read(
    { url: `file://${join(root, 'source')}`, revision: 'main', path, ...wanted },
    new AbortController().signal,
  );

const copyOf = async (): Promise<string> => join(copies(), (await readdir(copies()))[0] ?? '');

describe('a mirror of repositories', () => {
  it('reads a file to the byte, however its path is spelt', async () => {
    for (const path of ['folder/task.yaml', './folder//task.yaml'])
      expect(await read(path)).toEqual({ ok: true, value: { commit, text: 'the task: é\n' } });
  });

  it('follows a link inside the repository, as Tekton does, and none that leads out of it', async () => {
    const source = join(root, 'source');
    await writeFile(join(root, 'secret.yaml'), 'secret');
    await symlink('folder', join(source, 'linked'));
    await symlink('../../secret.yaml', join(source, 'folder/out.yaml'));
    await symlink('/etc/hostname', join(source, 'absolute.yaml'));
    await symlink('loop.yaml', join(source, 'loop.yaml'));
    commit = await commitAll();
    expect(await read('linked/task.yaml')).toEqual({ ok: true, value: { commit, text: 'the task: é\n' } });
    for (const path of ['folder/out.yaml', 'absolute.yaml']) {
      expect(await read(path)).toEqual({
        ok: false,
        error: `error opening file "${path}": path "${path}" attempts to escape the repository directory (possible path traversal attack)`,
      });
    }
    expect(await read('loop.yaml')).toMatchObject({ ok: false });
  });

  it.each(['none.yaml', 'folder/task.yaml/none', 'none.yaml\nHEAD:folder/task.yaml'])(
    'has no file %j',
    async (path) => {
      expect(await read(path)).toEqual({
        ok: false,
        error: `error opening file "${path}": file does not exist`,
      });
    },
  );

  it('says that a folder is one, and that a file is too large', async () => {
    expect(await read('folder')).toMatchObject({
      error: 'error opening file "folder": read folder: is a directory',
    });
    await writeFile(join(root, 'source/large.yaml'), Buffer.alloc(5 * MEBIBYTE));
    await commitAll();
    expect(await read('large.yaml')).toMatchObject({
      error: `error opening file "large.yaml": more than ${4 * MEBIBYTE} bytes`,
    });
  });

  it('shows what was fetched with a token to nobody without it', async () => {
    const path = 'folder/task.yaml';
    expect(await read(path, { token: 'a', revision: commit })).toMatchObject({ ok: true });
    await rm(join(root, 'source'), { recursive: true });
    expect(await read(path, { token: 'a', revision: commit })).toMatchObject({ ok: true });
    expect(await read(path, { token: 'b', revision: commit })).toMatchObject({ ok: false });
    expect(await read(path, { revision: commit })).toMatchObject({ ok: false });
  });

  it('goes on after a fetch that was killed and left its lock', async () => {
    await read('folder/task.yaml');
    await writeFile(join(await copyOf(), 'shallow.lock'), '');
    await writeFile(join(root, 'source/next.yaml'), 'next');
    commit = await commitAll();
    expect(await read('next.yaml')).toEqual({ ok: true, value: { commit, text: 'next' } });
  });

  it('makes a copy anew that was only half made, also below a checkout', async () => {
    await run('git', ['init', '--quiet'], { cwd: root });
    await read('folder/task.yaml');
    const copy = await copyOf();
    await rm(join(copy, 'objects'), { recursive: true });
    await writeFile(join(copy, 'config.lock'), '');
    mirror = createGitMirror(copies());
    expect(await read('folder/task.yaml')).toMatchObject({ ok: true });
    expect(dirname(await copyOf())).toBe(copies());
  });

  it('answers many at once about repository and commits', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => read('folder/task.yaml')));
    expect(answers.map((answer) => answer.ok)).toEqual(Array.from({ length: 8 }, () => true));
  });
});
