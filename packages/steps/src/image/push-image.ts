/** Builds an image from a Dockerfile without RUN and pushes it; deterministic. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MEDIA_TYPE, type Descriptor } from '../registry/oci-manifest.ts';
import type { OpenRegistry } from '../registry/open-registry.ts';
import { digestOf } from '../registry/registry-client.ts';
import { copyBaseLayers, type BaseImage } from './base-image.ts';
import { createDockerIgnore } from './docker-ignore.ts';
import { imageFailure } from './image-failure.ts';
import { listContext, type ContextEntry } from './list-context.ts';
import { emptyContainerConfig, planImage, type ImagePlan } from './plan-image.ts';
import type { ReadDockerfile } from './read-dockerfile.ts';
import { containerConfigOf, renderImageConfig, renderManifest } from './render-image.ts';
import { selectFiles } from './select-files.ts';
import { writeLayer, type WrittenLayer } from './write-layer.ts';

export interface PushImageOptions {
  readonly dockerfile: ReadDockerfile;
  /** Name of the Dockerfile, for messages. */
  readonly dockerfileName: string;
  readonly contextDirectory: string;
  readonly target: OpenRegistry;
  /** Absent: the image holds the app's layers alone. */
  readonly base: BaseImage | undefined;
  readonly architecture: string;
  readonly tags: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

const planOf = ({ dockerfile, dockerfileName, base }: PushImageOptions): ImagePlan => {
  const start = base === undefined ? emptyContainerConfig() : containerConfigOf(base.config);
  const plan = planImage(dockerfile, start);
  if (!plan.ok) throw imageFailure(dockerfileName, plan.error);
  return plan.value;
};

const listFiles = async (contextDirectory: string): Promise<ContextEntry[]> => {
  const ignore = await readFile(join(contextDirectory, '.dockerignore'), 'utf8').catch(() => '');
  return await listContext(contextDirectory, createDockerIgnore(ignore));
};

const writeLayers = async (
  { contextDirectory, dockerfileName }: PushImageOptions,
  plan: ImagePlan,
  scratch: string,
): Promise<WrittenLayer[]> => {
  const entries = await listFiles(contextDirectory);
  const layers: WrittenLayer[] = [];
  for (const [index, copy] of plan.copies.entries()) {
    const selected = selectFiles(entries, copy);
    if (!selected.ok) throw imageFailure(dockerfileName, selected.error);
    layers.push(await writeLayer(contextDirectory, selected.value, join(scratch, `${index}.tar.gz`)));
  }
  return layers;
};

const pushLayers = async (
  { target, base }: PushImageOptions,
  layers: readonly WrittenLayer[],
): Promise<Descriptor[]> => {
  const below = base === undefined ? [] : await copyBaseLayers(base, target);
  for (const { path, digest, size } of layers) {
    await target.client.putBlob(target.repository, { digest, size, content: { path } });
  }
  return [...below, ...layers.map(({ digest, size }) => ({ mediaType: MEDIA_TYPE.layer, digest, size }))];
};

const pushAll = async (options: PushImageOptions, scratch: string): Promise<string> => {
  const plan = planOf(options);
  const written = await writeLayers(options, plan, scratch);
  const layers = await pushLayers(options, written);
  const diffIds = written.map(({ diffId }) => diffId);
  const { target, base, architecture } = options;
  const config = renderImageConfig(plan.config, diffIds, { base: base?.config, architecture });
  const blob = { digest: digestOf(config), size: config.length };
  await target.client.putBlob(target.repository, { ...blob, content: config });
  const manifest = {
    mediaType: MEDIA_TYPE.manifest,
    bytes: renderManifest(blob, layers, options.annotations),
  };
  const digest = digestOf(manifest.bytes);
  await target.client.tag(target.repository, { ...manifest, digest }, options.tags);
  return digest;
};

/** Returns the digest of the pushed manifest. */
export const pushImage = async (options: PushImageOptions): Promise<string> => {
  const scratch = await mkdtemp(join(tmpdir(), 'layers-'));
  try {
    return await pushAll(options, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
