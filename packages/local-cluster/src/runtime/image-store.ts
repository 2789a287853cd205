/** Keeps images of the local registry unpacked on disk, each digest once. */

import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import type { ImageReference } from './image-reference.ts';
import { createRegistryClient, type RegistryClient } from './registry-client.ts';
import { unpackLayer } from './unpack-layer.ts';

/** The parts of the OCI image configuration that a runtime needs. */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
}

export interface UnpackedImage {
  /** `<repository>@sha256:...` with the registry's host. */
  readonly imageId: string;
  /** The host directory that holds the image's files. */
  readonly root: string;
  /** True when the image brings a whole system; false for an app's layers alone. */
  readonly complete: boolean;
  readonly config: ImageConfig;
}

export interface ImageStore {
  /** Fetches the image when it is not there yet; the error says why it cannot be had. */
  unpack(reference: ImageReference): Promise<Result<UnpackedImage, string>>;
}

const LAYER_LIMITS = { maxEntries: 500_000, maxBytes: 4 * 1024 ** 3 };

const imageConfigSchema = z.object({
  config: z
    .object({
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      Env: z.array(z.string()).nullish(),
      WorkingDir: z.string().nullish(),
    })
    .nullish(),
});

/** Unpacks into `directory`; asks the registry at `registryHost`. */
export function createImageStore(directory: string, registryHost: string): ImageStore {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const client = createRegistryClient(registryHost);
  const running = new Map<string, Promise<void>>();

  const ensureUnpacked = async (repository: string, digest: string): Promise<string> => {
    const home = join(directory, digest.replace(':', '-'));
    const job = running.get(digest) ?? unpackOnce(client, repository, digest, home);
    running.set(digest, job);
    await job.finally(() => running.delete(digest));
    return home;
  };

  return {
    async unpack({ repository, reference }) {
      try {
        const digest = await client.resolveDigest(repository, reference);
        const home = await ensureUnpacked(repository, digest);
        const config = parseImageConfig(await readFile(join(home, 'config.json'), 'utf8'));
        const root = await realpath(join(home, 'root'));
        const complete = ['usr/bin', 'bin'].some((path) => existsSync(join(root, path)));
        return ok({ imageId: `${registryHost}/${repository}@${digest}`, root, complete, config });
      } catch (error) {
        return err(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

async function unpackOnce(
  client: RegistryClient,
  repository: string,
  digest: string,
  home: string,
): Promise<void> {
  if (await isUnpacked(home)) return;
  const work = await realpath(await mkdtemp(`${home}.part-`));
  try {
    await fetchImage(client, repository, digest, work);
    await rm(home, { recursive: true, force: true });
    await rename(work, home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function isUnpacked(home: string): Promise<boolean> {
  return await readFile(join(home, 'config.json')).then(
    () => true,
    () => false,
  );
}

async function fetchImage(
  client: RegistryClient,
  repository: string,
  digest: string,
  work: string,
): Promise<void> {
  const manifest = await client.getManifest(repository, digest);
  const root = join(work, 'root');
  await mkdir(root);
  for (const layer of manifest.layers) {
    const file = join(work, 'layer');
    await client.downloadBlob(repository, layer.digest, file);
    await unpackLayer(file, root, LAYER_LIMITS);
    await rm(file);
  }
  await client.downloadBlob(repository, manifest.config.digest, join(work, 'config.part'));
  const config = await readFile(join(work, 'config.part'), 'utf8');
  parseImageConfig(config);
  await writeFile(join(work, 'config.json'), config);
}

function parseImageConfig(text: string): ImageConfig {
  const parsed = imageConfigSchema.parse(JSON.parse(text));
  const pairs = (parsed.config?.Env ?? []).map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  return {
    entrypoint: parsed.config?.Entrypoint ?? [],
    command: parsed.config?.Cmd ?? [],
    env: Object.fromEntries(pairs),
    workingDir: parsed.config?.WorkingDir ?? '',
  };
}
