/** Images of the local registry are unpacked once and run with their own configuration. */

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type Registry } from '../../src/registry/start-registry.ts';
import { createRuntimeRig } from './runtime-rig.ts';
import { tarArchive, type TarEntry } from './tar-archive.ts';

const directory = mkdtempSync(join(tmpdir(), 'images-'));
let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry({ directory, port: 0 });
});
afterAll(async () => {
  await registry.close();
  rmSync(directory, { recursive: true, force: true });
});

async function pushBlob(repository: string, content: Buffer): Promise<{ digest: string; size: number }> {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const url = `http://${registry.host}/v2/${repository}/blobs/uploads/?digest=${digest}`;
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(content) });
  expect(response.status).toBe(201);
  return { digest, size: content.length };
}

/** Pushes an image of one layer and gives its reference. */
async function pushImage(
  repository: string,
  entries: readonly TarEntry[],
  config: Record<string, unknown>,
): Promise<string> {
  const layer = await pushBlob(repository, tarArchive(entries));
  const image = await pushBlob(
    repository,
    Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config })),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...image },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
  };
  const response = await fetch(`http://${registry.host}/v2/${repository}/manifests/v1`, {
    method: 'PUT',
    headers: { 'content-type': manifest.mediaType },
    body: JSON.stringify(manifest),
  });
  expect(response.status).toBe(201);
  return `${registry.host}/${repository}:v1`;
}

const APP: readonly TarEntry[] = [
  {
    path: 'app/main.sh',
    content: '#!/bin/sh\necho "$(basename "$PWD") $GREETING $*"; cat "$DATA"; tool\n',
    mode: 0o755,
  },
  { path: 'app/data.txt', content: 'data\n' },
  { path: 'app/bin/tool', content: '#!/bin/sh\necho tool of the image\n', mode: 0o755 },
];
const CONFIG = {
  Entrypoint: ['/app/main.sh'],
  Cmd: ['default'],
  Env: ['GREETING=hello', 'DATA=/app/data.txt', 'PATH=/app/bin:/usr/bin:/bin'],
  WorkingDir: '/app',
};

describe('an image of the local registry', () => {
  it('runs its entry point in its directory with its environment, PATH and files', async () => {
    await using rig = createRuntimeRig({ registryHost: registry.host });
    const image = await pushImage('acme/app', APP, CONFIG);
    const { output } = await rig.run({ image });
    expect(output).toBe('app hello default\ndata\ntool of the image\n');
  });

  it('lets the container replace arguments, command and environment', async () => {
    await using rig = createRuntimeRig({ registryHost: registry.host });
    const image = await pushImage('acme/app', APP, CONFIG);
    const first = await rig.run({ image, args: ['given'], env: { GREETING: 'bye' } });
    expect(first.output).toContain('app bye given');
    const second = await rig.run({ image, command: ['cat', '/app/data.txt'] });
    expect(second.output.endsWith('data\n')).toBe(true);
  });

  it('is unpacked once, also by two containers at the same time', async () => {
    await using rig = createRuntimeRig({ registryHost: registry.host });
    const image = await pushImage('acme/twice', APP, CONFIG);
    const started = await Promise.all(
      ['a', 'b', 'c'].map((container) =>
        rig.runtime.start(
          rig.spec({ image, container, logPath: rig.paths.containerLog('uid-1', container) }),
        ),
      ),
    );
    const exits = await Promise.all(
      started.map((each) => (each.ok ? each.value.exited : Promise.reject(new Error(each.error.message)))),
    );
    expect(exits.map((exit) => exit.exitCode)).toEqual([0, 0, 0]);
    expect(readdirSync(join(rig.paths.state, 'images'))).toHaveLength(1);
    expect(started[0]?.ok === true && started[0].value.imageId).toMatch(
      new RegExp(`^${registry.host}/acme/twice@sha256:`),
    );
  });

  it('is a pull error when the registry does not have it', async () => {
    await using rig = createRuntimeRig({ registryHost: registry.host });
    const image = `${registry.host}/acme/nothing:v1`;
    expect(await rig.runtime.start(rig.spec({ image }))).toMatchObject({
      ok: false,
      error: { reason: 'ErrImagePull', message: expect.stringContaining('not found') },
    });
  });

  it('is a pull error when the registry is away', async () => {
    await using rig = createRuntimeRig({ registryHost: '127.0.0.1:1' });
    expect(await rig.runtime.start(rig.spec({ image: '127.0.0.1:1/acme/app:v1' }))).toMatchObject({
      ok: false,
      error: { reason: 'ErrImagePull', message: expect.stringContaining('does not answer') },
    });
  });
});
