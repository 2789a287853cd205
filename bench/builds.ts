/**
 * How long making and pushing one app's image takes, by builder, into a repository that the registry has not seen: the
 * base is mounted or copied each time. Needs REGISTRY (host:port, plain HTTP) and BASE_IMAGE (there; default
 * `$REGISTRY/busybox:1`). JSON lines `{name, base, medianMs, maxMs, runs}` for `image-append` and `image-buildah`.
 */

import { runStepForTest } from '@tekton-dag/steps/testing';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILES = 200;
const FILE_BYTES = 10_000;
const registry = process.env['REGISTRY'] ?? '';
const base = process.env['BASE_IMAGE'] ?? `${registry}/busybox:1`;
const BUILDERS = [
  { name: 'image-append', lines: [], runs: 10 },
  { name: 'image-buildah', lines: ['RUN true'], runs: 3 },
];

if (registry === '') console.error('builds: REGISTRY is not set, nothing is measured');
else for (const builder of BUILDERS) await measureBuilder(builder);

async function measureBuilder({ name, lines, runs }: (typeof BUILDERS)[number]): Promise<void> {
  if (name === 'image-buildah' && spawnSync('buildah', ['--version']).status !== 0) {
    console.error('builds: buildah is not on the PATH, it is not measured');
    return;
  }
  const directory = await mkdtemp(join(tmpdir(), 'bench-builds-'));
  try {
    await writeApp(directory, [`FROM ${base}`, 'WORKDIR /app', ...lines, 'COPY . .', 'CMD ["true"]']);
    const durationsMs: number[] = [];
    for (let run = 0; run < runs; run += 1) durationsMs.push(await buildOnce(directory));
    const sorted = durationsMs.toSorted((a, b) => a - b);
    const [medianMs, maxMs] = [sorted[Math.floor(runs / 2)] ?? 0, sorted.at(-1) ?? 0].map(Math.round);
    console.log(JSON.stringify({ name, base, medianMs, maxMs, runs }));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function writeApp(directory: string, dockerfile: readonly string[]): Promise<void> {
  await mkdir(join(directory, 'app', 'files'), { recursive: true });
  await writeFile(join(directory, 'app', 'Dockerfile'), `${dockerfile.join('\n')}\n`);
  for (let file = 0; file < FILES; file += 1)
    await writeFile(join(directory, 'app', 'files', `${file}.bin`), randomBytes(FILE_BYTES));
}

async function buildOnce(directory: string): Promise<number> {
  const startMs = performance.now();
  const { code, stderr } = await runStepForTest('build-app-image', {
    env: {
      APP: 'bench',
      REPOSITORY: 'acme/bench',
      REVISION: 'a'.repeat(40),
      CONTEXT_DIR: '.',
      DOCKERFILE: 'Dockerfile',
      IMAGE: `${registry}/tekton-dag-bench/${randomBytes(6).toString('hex')}`,
      TAGS: '["c-1","run-1"]',
      CONTENT_KEY: '1',
      INSECURE_REGISTRIES: registry,
      SOURCE_PATH: directory,
      IMAGE_URL_RESULT: join(directory, 'IMAGE_URL'),
      IMAGE_DIGEST_RESULT: join(directory, 'IMAGE_DIGEST'),
    },
  });
  if (code !== 0) throw new Error(stderr);
  return performance.now() - startMs;
}
