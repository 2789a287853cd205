/** Steps build-app-fetch and build-app-image, with the compile step between them run as Tekton would. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { list } from 'tar';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createTempForge,
  runStepForTest,
  startTestRegistry,
  type TempForge,
  type TestRegistry,
} from '../src/testing/index.ts';

const execute = promisify(execFile);
const manifestSchema = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ digest: z.string() })),
  annotations: z.record(z.string(), z.string()),
});

let forge: TempForge;
let registry: TestRegistry;
let counter = 0;

beforeAll(async () => {
  forge = await createTempForge();
  registry = await startTestRegistry();
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await forge[Symbol.asyncDispose]();
});

const build = (overrides: Record<string, unknown> = {}): string =>
  JSON.stringify({ tool: 'none', runtime: 'custom', env: {}, ...overrides });

interface Case {
  readonly repository: string;
  readonly revision: string;
  readonly build?: string;
  readonly env?: Record<string, string>;
}

const newSource = async (): Promise<string> => {
  counter += 1;
  const source = join(forge.directory, `source-${counter}`);
  await mkdir(source, { recursive: true });
  return source;
};

const fetchStep = async (
  source: string,
  { repository, revision, build: settings = build(), env = {} }: Case,
) =>
  await runStepForTest('build-app-fetch', {
    env: {
      APP: 'web',
      REPOSITORY: repository,
      REVISION: revision,
      GIT_BASE_URL: forge.baseUrl,
      CONTEXT_DIR: '.',
      BUILD: settings,
      SOURCE_PATH: source,
      ...env,
    },
  });

const compile = async (source: string): Promise<{ stdout: string; stderr: string }> =>
  await execute('sh', [join(source, 'compile.sh')], {
    cwd: source,
    env: { PATH: process.env['PATH'], HOME: join(source, 'home') },
  });

const imageStep = async (source: string, env: Record<string, string> = {}) =>
  await runStepForTest('build-app-image', {
    env: {
      APP: 'web',
      REPOSITORY: 'acme/web',
      REVISION: 'a'.repeat(40),
      CONTEXT_DIR: '.',
      DOCKERFILE: 'Dockerfile',
      IMAGE: `${registry.host}/team/web`,
      TAGS: '["c-1","run-1"]',
      CONTENT_KEY: '1',
      SOURCE_PATH: source,
      IMAGE_URL_RESULT: join(source, 'IMAGE_URL'),
      IMAGE_DIGEST_RESULT: join(source, 'IMAGE_DIGEST'),
      TEKTON_DAG_HOST_TOOLCHAIN: '1',
      ...env,
    },
  });

/** Names, modes and contents in a layer. */
const readLayer = async (
  digest: string,
): Promise<Map<string, { mode: number; uid: number; mtime: number; text: string }>> => {
  const files = new Map<string, { mode: number; uid: number; mtime: number; text: string }>();
  const pending: Promise<void>[] = [];
  const parser = list({
    onReadEntry: (entry) => {
      const chunks: Buffer[] = [];
      entry.on('data', (chunk: Buffer) => chunks.push(chunk));
      pending.push(
        new Promise((resolve) => {
          entry.on('end', () => {
            const { mode = 0, uid = 0, mtime } = entry;
            const text = Buffer.concat(chunks).toString('utf8');
            files.set(entry.path, { mode, uid, mtime: mtime?.getTime() ?? -1, text });
            resolve();
          });
        }),
      );
    },
  });
  await pipeline(Readable.from([gunzipSync(registry.blob(digest) ?? Buffer.alloc(0))]), parser);
  await Promise.all(pending);
  return files;
};

describe('build-app', () => {
  it('builds and pushes a deterministic image of the exact commit', async () => {
    const revision = await forge.push('acme/web', {
      'server.js': 'console.log(1)\n',
      'lib/a.js': 'a\n',
      'secret.env': 'no\n',
      '.dockerignore': '*.env\nDockerfile\n',
      Dockerfile:
        'FROM node:24-slim\nWORKDIR /app\nCOPY --chown=1000:1000 . .\nENV NODE_ENV=production\nCMD ["node", "server.js"]\n',
    });
    await forge.push('acme/web', { 'server.js': 'console.log(2)\n' });
    const digests = new Set<string>();
    for (let round = 0; round < 2; round += 1) {
      const source = await newSource();
      expect(await fetchStep(source, { repository: 'acme/web', revision })).toMatchObject({ code: 0 });
      await compile(source);
      expect(await imageStep(source)).toMatchObject({ code: 0, stderr: '' });
      digests.add(await readFile(join(source, 'IMAGE_DIGEST'), 'utf8'));
      expect(await readFile(join(source, 'IMAGE_URL'), 'utf8')).toBe(`${registry.host}/team/web:c-1`);
    }
    expect(digests.size).toBe(1);
    const stored = registry.manifest('team/web', 'run-1');
    expect(stored?.digest).toBe([...digests][0]);
    const manifest = manifestSchema.parse(stored?.json);
    expect(manifest.annotations).toMatchObject({
      'org.opencontainers.image.base.name': 'node:24-slim',
      'org.opencontainers.image.revision': 'a'.repeat(40),
    });
    const config: unknown = JSON.parse(registry.blob(manifest.config.digest)?.toString('utf8') ?? '');
    expect(config).toMatchObject({
      config: {
        WorkingDir: '/app',
        Cmd: ['node', 'server.js'],
        Env: expect.arrayContaining(['NODE_ENV=production']),
      },
    });
    const files = await readLayer(manifest.layers[0]?.digest ?? '');
    expect([...files.keys()]).toEqual([
      'app/',
      'app/.dockerignore',
      'app/lib/',
      'app/lib/a.js',
      'app/server.js',
    ]);
    expect(files.get('app/server.js')).toEqual({
      mode: 0o644,
      uid: 1000,
      mtime: 0,
      text: 'console.log(1)\n',
    });
  });

  it('hands hostile values through to the build unchanged and executes none', async () => {
    const value = `it's "so" $(touch pwned) \`id\` $HOME \\ \n second line ünï`;
    const revision = await forge.push('acme/hostile', { 'pre.txt': 'x' });
    const source = await newSource();
    const settings = build({ env: { TRICKY: value }, buildCommand: 'printf "%s" "$TRICKY" > out.txt' });
    expect(await fetchStep(source, { repository: 'acme/hostile', revision, build: settings })).toMatchObject({
      code: 0,
    });
    await compile(source);
    expect(await readFile(join(source, 'app', 'out.txt'), 'utf8')).toBe(value);
    await expect(readFile(join(source, 'pwned'))).rejects.toThrow(/ENOENT/);
    await expect(readFile(join(source, 'app', 'pwned'))).rejects.toThrow(/ENOENT/);
  });

  it('stops at the first command that fails, with its exit code', async () => {
    const revision = await forge.push('acme/broken', { a: 'x' });
    const source = await newSource();
    const settings = build({ preCommand: 'true', buildCommand: 'exit 7', postCommand: 'touch after' });
    await fetchStep(source, { repository: 'acme/broken', revision, build: settings });
    await expect(compile(source)).rejects.toMatchObject({ code: 7 });
    await expect(readFile(join(source, 'app', 'after'))).rejects.toThrow(/ENOENT/);
  });

  it('names the program that a build needs and the machine lacks', async () => {
    const revision = await forge.push('acme/php', { 'composer.json': '{}' });
    const source = await newSource();
    await fetchStep(source, { repository: 'acme/php', revision, build: build({ tool: 'composer' }) });
    const run = execute('sh', [join(source, 'compile.sh')], { cwd: source, env: { PATH: '/nonexistent' } });
    await expect(run).rejects.toThrow(/ENOENT/);
    const withShell = execute('/bin/sh', [join(source, 'compile.sh')], {
      cwd: source,
      env: { PATH: '/nonexistent' },
    });
    await expect(withShell).rejects.toMatchObject({
      code: 127,
      stderr: expect.stringContaining('composer is not on the PATH'),
    });
  });

  it('fails naming repository and commit when the commit does not exist', async () => {
    await forge.push('acme/gone', { a: 'x' });
    const revision = '1'.repeat(40);
    const run = await fetchStep(await newSource(), { repository: 'acme/gone', revision });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`repository acme/gone has no commit ${revision}`);
  });

  it('refuses what is no commit id, no repository and no path, all at once where it can', async () => {
    const run = await fetchStep(await newSource(), {
      repository: 'acme/web',
      revision: '--upload-pack=evil',
      env: { CONTEXT_DIR: '../..', APP: 'Not A Name' },
    });
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/3 bad param\(s\).*APP.*REVISION.*CONTEXT_DIR/);
    const other = await fetchStep(await newSource(), { repository: '../../etc', revision: '1'.repeat(40) });
    expect(other.stderr).toContain('is not a repository');
  });

  it('names the line of a Dockerfile that needs buildah', async () => {
    const source = await newSource();
    await mkdir(join(source, 'app'), { recursive: true });
    await writeFile(join(source, 'app', 'Dockerfile'), 'FROM a\nWORKDIR /x\n\nCOPY . .\nRUN make\n');
    const run = await imageStep(source, { PATH: '/nonexistent' });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Dockerfile:5: RUN needs buildah on the PATH');
  });

  it('does not follow a Dockerfile or a context that points out of the checkout', async () => {
    const source = await newSource();
    await mkdir(join(source, 'app'), { recursive: true });
    await execute('ln', ['-s', '/etc', join(source, 'app', 'out')]);
    const run = await imageStep(source, { CONTEXT_DIR: 'out' });
    expect(run.stderr).toContain('points out of the repository');
  });

  it('stands on the layers of its base image when it may have one', async () => {
    const layer = Buffer.from('layer');
    const digest = registry.seedBlob('base/node', layer);
    const config = {
      architecture: 'amd64',
      os: 'linux',
      config: { Env: ['PATH=/base'], WorkingDir: '/srv', Cmd: ['sh'] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${'0'.repeat(64)}`] },
    };
    const configBytes = Buffer.from(JSON.stringify(config));
    const configDigest = registry.seedBlob('base/node', configBytes);
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = {
      schemaVersion: 2,
      mediaType,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: configDigest,
        size: configBytes.length,
      },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: layer.length }],
    };
    registry.seedManifest('base/node', '24', Buffer.from(JSON.stringify(manifest)), mediaType);
    const source = await newSource();
    await mkdir(join(source, 'app'), { recursive: true });
    await writeFile(
      join(source, 'app', 'Dockerfile'),
      `FROM ${registry.host}/base/node:24\nCOPY Dockerfile /d\nENV A=$PATH:/more\n`,
    );
    const run = await imageStep(source, { TEKTON_DAG_HOST_TOOLCHAIN: '', TAGS: '["based"]' });
    expect(run).toMatchObject({ code: 0 });
    const built = manifestSchema.parse(registry.manifest('team/web', 'based')?.json);
    expect(built.layers.map((item) => item.digest)[0]).toBe(digest);
    expect(built.layers).toHaveLength(2);
    const builtConfig: unknown = JSON.parse(registry.blob(built.config.digest)?.toString('utf8') ?? '');
    expect(builtConfig).toMatchObject({
      config: { WorkingDir: '/srv', Cmd: ['sh'], Env: ['PATH=/base', 'A=/base:/more'] },
      rootfs: { diff_ids: expect.objectContaining({ length: 2 }) },
    });
    expect(registry.requests.filter((line) => line.startsWith('GET /v2/base/node/blobs/'))).toHaveLength(1);
  });
});
