/** Registries that demand credentials, are busy, or refuse: what the image step does and says. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  runStepForTest,
  startTestRegistry,
  type RegistryGateOptions,
  type TestRegistry,
} from '../src/testing/index.ts';

const SECRET = 'hunter2-hunter2';
const credentials = { username: 'ada', password: SECRET };
const BASE = 'apps/base';
let root: string;
let counter = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'registry-access-'));
});
afterAll(async () => await rm(root, { recursive: true, force: true }));

/** A base image of one layer, as somebody else pushed it. */
const seedBase = (registry: TestRegistry): string => {
  const layer = gzipSync(Buffer.alloc(1024));
  const layerDigest = registry.seedBlob(BASE, layer);
  const diffId = `sha256:${createHash('sha256').update(Buffer.alloc(1024)).digest('hex')}`;
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Env: ['A=1'] },
      rootfs: { type: 'layers', diff_ids: [diffId] },
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: registry.seedBlob(BASE, config),
      size: config.length,
    },
    layers: [
      {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: layerDigest,
        size: layer.length,
      },
    ],
  };
  registry.seedManifest(BASE, '1', Buffer.from(JSON.stringify(manifest)), manifest.mediaType);
  return layerDigest;
};

const newSource = async (from: string): Promise<string> => {
  counter += 1;
  const source = join(root, String(counter));
  await mkdir(join(source, 'app'), { recursive: true });
  await writeFile(join(source, 'app', 'Dockerfile'), `FROM ${from}\nCOPY a.txt /a.txt\n`);
  await writeFile(join(source, 'app', 'a.txt'), 'hello');
  return source;
};

const writeDockerConfig = async (directory: string, registry: string, password = SECRET): Promise<void> => {
  await mkdir(directory, { recursive: true });
  const auth = Buffer.from(`ada:${password}`).toString('base64');
  await writeFile(join(directory, 'config.json'), JSON.stringify({ auths: { [registry]: { auth } } }));
};

const pushApp = async (
  registry: TestRegistry,
  { from = `${registry.host}/${BASE}:1`, env = {} }: { from?: string; env?: Record<string, string> } = {},
) => {
  const source = await newSource(from);
  return await runStepForTest('build-app-image', {
    env: {
      APP: 'web',
      REPOSITORY: 'acme/web',
      REVISION: 'a'.repeat(40),
      CONTEXT_DIR: '.',
      DOCKERFILE: 'Dockerfile',
      IMAGE: `${registry.host}/apps/web`,
      TAGS: '["c-1","run-1"]',
      CONTENT_KEY: '1',
      SOURCE_PATH: source,
      IMAGE_URL_RESULT: join(source, 'IMAGE_URL'),
      IMAGE_DIGEST_RESULT: join(source, 'IMAGE_DIGEST'),
      ...env,
    },
  });
};

/** Pushes with credentials in `$DOCKER_CONFIG`, as Tekton leaves them. */
const pushWithCredentials = async (registry: TestRegistry, password = SECRET) => {
  const directory = join(root, `docker-${counter}`);
  await writeDockerConfig(directory, registry.host, password);
  return await pushApp(registry, { env: { DOCKER_CONFIG: directory } });
};

describe('a registry that demands credentials', () => {
  it.each<[string, RegistryGateOptions]>([
    ['basic', { credentials, scheme: 'basic' }],
    ['a bearer token', { credentials }],
    ['a bearer token that expires after every second request', { credentials, tokenUses: 2 }],
  ])('gets %s', async (_, options) => {
    await using registry = await startTestRegistry(options);
    const layer = seedBase(registry);
    const run = await pushWithCredentials(registry);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(registry.tags('apps/web')).toEqual(['c-1', 'run-1']);
    expect(registry.requests).not.toContain(`GET /v2/${BASE}/blobs/${layer}`);
  });

  it('is given what the workspace of the team holds, whatever Tekton made of linked secrets', async () => {
    await using registry = await startTestRegistry({ credentials });
    seedBase(registry);
    const workspace = join(root, 'workspace');
    await writeDockerConfig(workspace, registry.host);
    await rename(join(workspace, 'config.json'), join(workspace, '.dockerconfigjson'));
    await writeDockerConfig(join(root, 'linked'), registry.host, 'not the password');
    const run = await pushApp(registry, {
      env: { REGISTRY_CREDENTIALS_PATH: workspace, DOCKER_CONFIG: join(root, 'linked') },
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it('is given what $HOME/.docker/config.json holds when $DOCKER_CONFIG holds nothing', async () => {
    await using registry = await startTestRegistry({ credentials });
    seedBase(registry);
    const home = join(root, 'home');
    await writeDockerConfig(join(home, '.docker'), registry.host);
    const run = await pushApp(registry, { env: { HOME: home, DOCKER_CONFIG: join(root, 'nothing') } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it.each<[string, RegistryGateOptions]>([
    ['basic', { credentials, scheme: 'basic' }],
    ['bearer', { credentials }],
  ])('refuses wrong ones (%s), and the secret is in no message', async (_, options) => {
    await using registry = await startTestRegistry(options);
    seedBase(registry);
    const run = await pushWithCredentials(registry, `${SECRET}-wrong`);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`error[REGISTRY_DENIED]: registry ${registry.host} refused`);
    expect(run.stderr).toContain('HTTP 401: UNAUTHORIZED');
    expect(run.stderr).toContain('kubernetes.io/basic-auth');
    expect(run.stdout + run.stderr).not.toContain(SECRET);
    expect(run.stdout + run.stderr).not.toContain(
      Buffer.from(`ada:${SECRET}`).toString('base64').slice(0, 12),
    );
  });

  it('is told that there are no credentials', async () => {
    await using registry = await startTestRegistry({ credentials });
    const run = await pushApp(registry);
    expect(run.stderr).toContain(`refused a token for repository:${BASE}:pull without credentials: HTTP 401`);
  });
});

describe('a registry that refuses', () => {
  const push = /^(POST|PUT)/;
  it.each([
    [403, push, 'REGISTRY_DENIED', 'apps/web', 1],
    [404, push, 'REGISTRY_NO_REPOSITORY', 'apps/web', 1],
    [500, /^PUT .*manifests/, 'REGISTRY_FAILED', 'tag apps/web:c-1', 4],
    [400, /^PUT .*manifests/, 'REGISTRY_REFUSED', 'tag apps/web:c-1', 1],
  ])('with HTTP %i is named with the repository and %s', async (...row) => {
    const [status, matches, code, what, exitCode] = row;
    const body = '{"errors":[{"code":"WHY","message":"because"}]}';
    await using registry = await startTestRegistry({ faults: [{ matches, status, body }] });
    seedBase(registry);
    const run = await pushApp(registry);
    expect(run.code).toBe(exitCode);
    expect(run.stderr).toContain(`error[${code}]: registry ${registry.host} refused`);
    expect(run.stderr).toContain(what);
    expect(run.stderr).toContain(`HTTP ${status}: WHY because (`);
  });

  it('because of its rate limit is asked again when it says so', async () => {
    const busy = { matches: /^GET .*manifests/, status: 429, headers: { 'retry-after': '0' }, times: 2 };
    await using registry = await startTestRegistry({ faults: [busy] });
    seedBase(registry);
    expect(await pushApp(registry)).toMatchObject({ code: 0, stderr: '' });
  });

  it('for longer than a build waits is reported at once', async () => {
    const busy = { matches: /^GET .*manifests/, status: 429, headers: { 'retry-after': '3600' } };
    await using registry = await startTestRegistry({ faults: [busy] });
    seedBase(registry);
    const run = await pushApp(registry);
    expect(run.code).toBe(4);
    expect(run.stderr).toContain('error[REGISTRY_BUSY]');
    expect(run.stderr).toContain('registry-mirrors');
    expect(registry.requests.filter((line) => line.startsWith('GET'))).toHaveLength(1);
  });
});

describe('a base image', () => {
  it('comes from the mirror of its registry, and its layers are mounted there', async () => {
    await using registry = await startTestRegistry();
    const layer = seedBase(registry);
    const mirrors = JSON.stringify({ 'base.invalid': `${registry.host}/apps` });
    const run = await pushApp(registry, { from: 'base.invalid/base:1', env: { REGISTRY_MIRRORS: mirrors } });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(registry.requests).not.toContain(`GET /v2/${BASE}/blobs/${layer}`);
  });

  it('is copied from another registry, once', async () => {
    await using source = await startTestRegistry();
    await using registry = await startTestRegistry();
    const layer = seedBase(source);
    for (let round = 0; round < 2; round += 1) {
      const run = await pushApp(registry, { from: `${source.host}/${BASE}:1` });
      expect(run).toMatchObject({ code: 0, stderr: '' });
    }
    const fetched = source.requests.filter((line) => line === `GET /v2/${BASE}/blobs/${layer}`);
    expect(fetched).toHaveLength(1);
    expect(registry.blob(layer)).toBeDefined();
  });

  it('that neither mirror nor registry has is reported with both answers', async () => {
    await using mirror = await startTestRegistry();
    await using registry = await startTestRegistry();
    const mirrors = JSON.stringify({ [registry.host]: `${mirror.host}/hub` });
    const run = await pushApp(registry, { env: { REGISTRY_MIRRORS: mirrors } });
    expect(run.stderr).toContain('error[BASE_IMAGE_MISSING]');
    expect(run.stderr).toContain(`${mirror.host}/hub/${BASE}:1`);
    expect(run.stderr).toContain(`base image ${registry.host}/${BASE}:1 does not exist`);
  });

  it('is read from the manifest that the Dockerfile pins by digest', async () => {
    await using registry = await startTestRegistry();
    seedBase(registry);
    const digest = registry.manifest(BASE, '1')?.digest ?? '';
    const run = await pushApp(registry, { from: `${registry.host}/${BASE}@${digest}` });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const source = join(root, String(counter));
    expect(await readFile(join(source, 'IMAGE_DIGEST'), 'utf8')).toMatch(/^sha256:/);
  });
});
