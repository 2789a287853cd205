/** The image that an app's image stands on: its config and its layers. */
import {
  MEDIA_TYPE,
  imageConfigSchema,
  type Descriptor,
  type ImageConfig,
  type Manifest,
} from '../registry/oci-manifest.ts';
import type { OpenRegistry } from '../registry/open-registry.ts';
import { chooseManifest, digestOf, type RegistryClient } from '../registry/registry-client.ts';
import { StepFailure } from '../step-failure.ts';

export interface BaseImage {
  readonly source: OpenRegistry;
  readonly digest: string;
  readonly config: ImageConfig;
  readonly layers: readonly Descriptor[];
}

const missing = (name: string): StepFailure =>
  new StepFailure(`base image ${name} does not exist`, {
    code: 'BASE_IMAGE_MISSING',
    hint: 'mend FROM in the Dockerfile',
  });

const readManifest = async (
  { client, repository, reference }: OpenRegistry,
  name: string,
  architecture: string,
): Promise<{ manifest: Manifest; digest: string }> => {
  const stored = await client.getManifest(repository, reference);
  if (stored === undefined) throw missing(name);
  const chosen = chooseManifest(stored, architecture);
  if (chosen === undefined) {
    throw new StepFailure(`base image ${name} has no linux/${architecture}`, { code: 'BASE_IMAGE_PLATFORM' });
  }
  if (chosen.kind === 'manifest') return { manifest: chosen.manifest, digest: stored.digest };
  const inner = await client.getManifest(repository, chosen.digest);
  const manifest = inner === undefined ? undefined : chooseManifest(inner, architecture);
  if (manifest?.kind !== 'manifest') throw missing(name);
  return { manifest: manifest.manifest, digest: chosen.digest };
};

const readText = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

/** Reads manifest and config of the base for one architecture (`amd64`, `arm64`). */
export const readBaseImage = async (
  source: OpenRegistry,
  name: string,
  architecture: string,
): Promise<BaseImage> => {
  const { manifest, digest } = await readManifest(source, name, architecture);
  const text = await readText(await source.client.getBlob(source.repository, manifest.config.digest));
  return { source, digest, config: imageConfigSchema.parse(JSON.parse(text)), layers: manifest.layers };
};

const download = async (base: BaseImage, digest: string): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of await base.source.client.getBlob(base.source.repository, digest))
    chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (digestOf(bytes) === digest) return bytes;
  throw new StepFailure(`layer ${digest} of the base image arrived damaged`, { code: 'BASE_IMAGE_DAMAGED' });
};

/** Makes the base's layers part of another repository: by mounting where the registry is the same, else by copying. */
export const copyBaseLayers = async (
  base: BaseImage,
  target: { client: RegistryClient; registry: string; repository: string },
): Promise<Descriptor[]> => {
  for (const { digest } of base.layers) {
    if (await target.client.hasBlob(target.repository, digest)) continue;
    const sameRegistry = target.registry === base.source.registry;
    if (sameRegistry && (await target.client.mountBlob(target.repository, digest, base.source.repository)))
      continue;
    const content = await download(base, digest);
    await target.client.putBlob(target.repository, { digest, size: content.length, content });
  }
  return base.layers.map(({ mediaType, digest, size }) => ({
    mediaType: mediaType.startsWith('application/vnd.docker.') ? MEDIA_TYPE.layer : mediaType,
    digest,
    size,
  }));
};
