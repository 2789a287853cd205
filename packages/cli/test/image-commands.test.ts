import { COMPILE_IMAGES, parseImageMatrix, variantTagOf } from '@tekton-dag/model';
import { startTestRegistry } from '@tekton-dag/steps/testing';
import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliRig, REPOSITORY, runInProcess, type CliRig } from './cli-rig.ts';

let rig: CliRig;
beforeAll(async () => {
  rig = await createCliRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

const MATRIX = join(REPOSITORY, 'images/matrix.yaml');

async function readMatrix() {
  const parsed = parseImageMatrix(await readFile(MATRIX, 'utf8'), 'images/matrix.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

describe('images/matrix.yaml', () => {
  it('has exactly the variants that stacks can ask for', async () => {
    const { images } = await readMatrix();
    for (const image of Object.values(COMPILE_IMAGES)) {
      const made = images.find(({ name }) => name === image.name);
      expect(made?.variants.map(({ tag }) => tag)).toEqual(
        image.versions.map((version) => variantTagOf(image, version)),
      );
      expect(made?.default).toBe(variantTagOf(image, image.defaultVersion));
    }
  });

  it('has a Dockerfile for each image, and none else', async () => {
    const { images } = await readMatrix();
    for (const { dockerfile } of images)
      expect((await stat(join(REPOSITORY, 'images', dockerfile))).isFile()).toBe(true);
  });

  it('tags the program with its version', async () => {
    const { images } = await readMatrix();
    const { version }: { version: string } = JSON.parse(
      await readFile(join(REPOSITORY, 'package.json'), 'utf8'),
    );
    const program = images.filter(({ name }) => ['tekton-dag', 'tekton-dag-build-buildah'].includes(name));
    expect(program.map((image) => image.default)).toEqual([version, version]);
  });
});

describe('tekton-dag images list', () => {
  it('lists images with tag and base, and says what is passed over', async () => {
    const { code, stdout, stderr } = await runInProcess(
      ['images', 'list', '--tool', 'node', 'mirrord'],
      REPOSITORY,
    );
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain('tekton-dag-build-mirrord needs MIRRORD_URL: give --build-arg MIRRORD_URL=...');
    const listed = await runInProcess(['images', 'list', '--variant', 'node24', '3.193.0'], REPOSITORY);
    expect(listed.stdout).toMatch(
      /^NAME +TAG +BASE\ntekton-dag-build-node +node24 +docker.io\/library\/node:24-bookworm-slim\n$/,
    );
    expect(listed.stderr).toContain('tekton-dag-build-mirrord: passed over');
  });
});

/** An engine that writes its arguments down, and pushes nothing. */
const ENGINE = `#!/bin/sh
echo "$@" >> "$ENGINE_LOG"
[ "$1" = "$ENGINE_FAILS_AT" ] && exit 125
while [ $# -gt 0 ]; do
  [ "$1" = --digestfile ] && printf 'sha256:%064d' 7 > "$2"
  shift
done
exit 0
`;

const MATRIX_OF_TWO = `registry: registry.example/ours
source: https://git.example/ours
licenses: Apache-2.0
bases: { node24: "127.0.0.1:1/node:24" }
images:
  - { name: one, title: one, description: one, dockerfile: one/Dockerfile, context: one, default: "1", variants: [{ tag: "1", base: node24 }] }
  - { name: two, title: two, description: two, dockerfile: one/Dockerfile, context: one, default: "2", variants: [{ tag: "2", base: one }] }
`;

/** `failsAt` is the engine's command that fails. */
async function engineEnv(failsAt = '') {
  const bin = join(rig.directory, 'bin');
  await mkdir(bin, { recursive: true });
  await mkdir(join(rig.directory, 'one'), { recursive: true });
  await chmod(await rig.file('bin/buildah', ENGINE), 0o755);
  await rig.file('one/Dockerfile', 'ARG BASE\nFROM ${BASE}\n');
  await rig.file('matrix.yaml', MATRIX_OF_TWO);
  const log = await rig.file('engine.log', '');
  const env = { PATH: `${bin}:${process.env['PATH']}`, ENGINE_LOG: log, ENGINE_FAILS_AT: failsAt };
  return { env, lines: async () => (await readFile(log, 'utf8')).trimEnd().split('\n') };
}

const build = ['images', 'build', '--matrix', 'matrix.yaml', '--engine', 'buildah'];

describe('tekton-dag images build', () => {
  it('makes and pushes in order, each on what was pushed before it', async () => {
    await using registry = await startTestRegistry();
    const { env, lines } = await engineEnv();
    const args = [...build, '--registry', registry.host, '--push', '-o', 'json'];
    const { code, stdout } = await rig.run(args, { env: { ...env, SOURCE_DATE_EPOCH: '1700000000' } });
    const digest = `sha256:${'7'.padStart(64, '0')}`;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'one', image: `${registry.host}/one:1@${digest}`, built: true },
      { name: 'two', references: [`${registry.host}/two:2`, `${registry.host}/two:latest`] },
    ]);
    const commands = (await lines()).filter((line) => /^(build|push) /.test(line));
    expect(commands.map((line) => line.split(' ').at(-1))).toEqual([
      join(rig.directory, 'one'),
      `docker://${registry.host}/one:1`,
      `docker://${registry.host}/one:latest`,
      join(rig.directory, 'one'),
      `docker://${registry.host}/two:2`,
      `docker://${registry.host}/two:latest`,
    ]);
    expect(commands[0]).toContain('--timestamp 1700000000');
    expect(commands[0]).toContain('--label org.opencontainers.image.created=2023-11-14T22:13:20.000Z');
    expect(commands[3]).toContain(`--build-arg BASE=${registry.host}/one:1@${digest}`);
    expect(commands[3]).toContain(`--label org.opencontainers.image.base.digest=${digest}`);
  });

  it('leaves out what the registry has, unless forced to make it', async () => {
    await using registry = await startTestRegistry();
    const { env, lines } = await engineEnv();
    const args = [...build, '--registry', registry.host, '--only', 'one', '--push', '-o', 'json'];
    const first = await rig.run(args, { env });
    const [{ contentHash }]: [{ contentHash: string }] = JSON.parse(first.stdout);
    const digest = seedImage(registry, 'one', contentHash);
    const before = (await lines()).length;
    const second = await rig.run(args, { env });
    expect(JSON.parse(second.stdout)).toMatchObject([{ built: false, digest }]);
    expect(second.stderr).toContain(`${registry.host}/one:1: unchanged`);
    expect((await lines()).slice(before).filter((line) => /^(build|push) /.test(line))).toEqual([]);
    const forced = await rig.run([...args, '--force'], { env });
    expect(JSON.parse(forced.stdout)).toMatchObject([{ built: true }]);
    await rig.file('one/Dockerfile', 'ARG BASE\nFROM ${BASE}\nUSER 1\n');
    const changed = await rig.run(args, { env });
    expect(JSON.parse(changed.stdout)).toMatchObject([{ built: true }]);
  });

  it('ends with the image that could not be made', async () => {
    const { env } = await engineEnv('build');
    const { code, stdout, stderr } = await rig.run(build, { env });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('one:1 could not be made: buildah ended with exit code 125');
    expect(stderr).toContain('--base NAME=REFERENCE');
  });

  it('ends with the registry that refused', async () => {
    await using registry = await startTestRegistry();
    const { env } = await engineEnv('push');
    const { code, stderr } = await rig.run([...build, '--push', '--registry', registry.host], { env });
    expect(code).toBe(4);
    expect(stderr).toContain(`${registry.host}/one:1 could not be pushed: buildah ended with exit code 125`);
  });

  it('says that a context is missing', async () => {
    const { env } = await engineEnv();
    await rig.file('matrix.yaml', MATRIX_OF_TWO.replaceAll('context: one', 'context: ../dist'));
    const { code, stderr } = await rig.run(build, { env });
    expect(code).toBe(3);
    expect(stderr).toContain('the program itself is bundled by `make bundle`');
  });

  it('says which program it needs when none is here', async () => {
    await engineEnv();
    const { code, stderr } = await rig.run(build.slice(0, 4), { env: { PATH: '/nowhere' } });
    expect(code).toBe(1);
    expect(stderr).toContain('install one of: buildah, podman, docker');
  });

  it('refuses unknown images, and a push to nowhere in particular', async () => {
    await engineEnv();
    const unknown = await rig.run([...build, '--only', 'three']);
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain('there is no image "three"');
    const nowhere = await rig.run([...build, '--push']);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('--push needs --registry');
  });
});

/** Puts an image with the label of `contentHash` under both of its tags. */
function seedImage(
  registry: Awaited<ReturnType<typeof startTestRegistry>>,
  repository: string,
  contentHash: string,
): string {
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Labels: { 'tekton-dag.io/content': contentHash } },
      rootfs: { type: 'layers', diff_ids: [] },
    }),
  );
  const digest = registry.seedBlob(repository, config);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: config.length },
    layers: [],
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  registry.seedManifest(repository, '1', bytes, mediaType);
  return registry.seedManifest(repository, 'latest', bytes, mediaType);
}
