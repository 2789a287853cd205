/** Manifests, tags and referrers of the registry's repositories. */

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { removeFile, writeLink, type BlobStore } from './blob-store.ts';
import { isDigest, parseDigest, type Digest } from './digest.ts';
import { RegistryError } from './registry-error.ts';
import type { RepositoryLayout } from './repository-layout.ts';

export interface StoredManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly content: Buffer;
}

export interface ManifestStore {
  /** By tag or digest; throws MANIFEST_UNKNOWN. */
  get(repository: string, reference: string): Promise<StoredManifest>;
  /** Checks that what the manifest names is there, stores it, moves the tag. Gives the subject it refers to, if any. */
  put(repository: string, manifest: StoredManifest, tag?: string): Promise<string | undefined>;
  /** Deletes a tag, or a manifest and every tag on it; throws MANIFEST_UNKNOWN. */
  remove(repository: string, reference: string): Promise<void>;
  /** Sorted; throws NAME_UNKNOWN. */
  listTags(repository: string): Promise<readonly string[]>;
  /** Descriptors of the manifests whose subject is this digest. */
  listReferrers(repository: string, subject: Digest): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const descriptorSchema = z.looseObject({ digest: z.string(), size: z.number().optional() });
const manifestSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: z.looseObject({ digest: z.string(), mediaType: z.string().optional() }).optional(),
  layers: z.array(z.looseObject({ digest: z.string(), urls: z.array(z.string()).optional() })).optional(),
  manifests: z.array(descriptorSchema).optional(),
  subject: descriptorSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
type Manifest = z.infer<typeof manifestSchema>;

/** Manifests are blobs with a link that holds their media type. */
export function createManifestStore(layout: RepositoryLayout, blobs: BlobStore): ManifestStore {
  return new FileManifestStore(layout, blobs);
}

class FileManifestStore implements ManifestStore {
  readonly #layout: RepositoryLayout;
  readonly #blobs: BlobStore;

  constructor(layout: RepositoryLayout, blobs: BlobStore) {
    this.#layout = layout;
    this.#blobs = blobs;
  }

  async get(repository: string, reference: string): Promise<StoredManifest> {
    const digest = await this.#resolve(repository, reference);
    const found = digest && (await this.#read(repository, digest));
    if (!found) throw new RegistryError('MANIFEST_UNKNOWN', 'no such manifest');
    return found;
  }

  async put(repository: string, manifest: StoredManifest, tag?: string): Promise<string | undefined> {
    const parsed = parseManifest(manifest);
    await this.#assertComplete(repository, parsed);
    const tagPath = tag === undefined ? undefined : this.#layout.tag(repository, tag);
    await this.#blobs.put(repository, manifest.digest, manifest.content);
    await writeLink(this.#layout.manifestLink(repository, manifest.digest), manifest.mediaType);
    if (parsed.subject !== undefined) {
      const referrers = this.#layout.referrers(repository, parseDigest(parsed.subject.digest));
      await writeLink(join(referrers, manifest.digest.text), '');
    }
    if (tagPath !== undefined) await writeLink(tagPath, manifest.digest.text);
    return parsed.subject?.digest;
  }

  async remove(repository: string, reference: string): Promise<void> {
    const removed = isDigest(reference)
      ? await this.#removeManifest(repository, parseDigest(reference))
      : await removeFile(this.#layout.tag(repository, reference));
    if (!removed) throw new RegistryError('MANIFEST_UNKNOWN', 'no such manifest');
  }

  async listTags(repository: string): Promise<readonly string[]> {
    const names = await readdir(this.#layout.tags(repository)).catch(() => undefined);
    if (names === undefined) throw new RegistryError('NAME_UNKNOWN', 'no such repository');
    // A tag that is being written has a longer, temporary name first.
    return names.filter((name) => !/\.[0-9a-f-]{36}$/.test(name)).sort();
  }

  async listReferrers(
    repository: string,
    subject: Digest,
  ): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const names = await readdir(this.#layout.referrers(repository, subject)).catch(() => []);
    const found = await Promise.all(
      names.filter(isDigest).map((name) => this.#read(repository, parseDigest(name))),
    );
    return found.filter((manifest) => manifest !== undefined).map(describeManifest);
  }

  async #resolve(repository: string, reference: string): Promise<Digest | undefined> {
    if (isDigest(reference)) return parseDigest(reference);
    const text = await readFile(this.#layout.tag(repository, reference), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : parseDigest(text);
  }

  async #read(repository: string, digest: Digest): Promise<StoredManifest | undefined> {
    const mediaType = await readFile(this.#layout.manifestLink(repository, digest), 'utf8').catch(
      () => undefined,
    );
    if (mediaType === undefined) return undefined;
    return { digest, mediaType, content: await readFile(this.#layout.blob(digest)) };
  }

  async #removeManifest(repository: string, digest: Digest): Promise<boolean> {
    const tags = await this.listTags(repository).catch(() => []);
    for (const tag of tags) {
      const path = this.#layout.tag(repository, basename(tag));
      if ((await readFile(path, 'utf8').catch(() => '')) === digest.text) await removeFile(path);
    }
    return await removeFile(this.#layout.manifestLink(repository, digest));
  }

  async #assertComplete(repository: string, manifest: Manifest): Promise<void> {
    const layers = (manifest.layers ?? []).filter((layer) => (layer.urls ?? []).length === 0);
    const named = [...(manifest.config === undefined ? [] : [manifest.config]), ...layers];
    for (const { digest } of named) {
      const found = await this.#blobs.find(repository, parseDigest(digest));
      if (found === undefined)
        throw new RegistryError('MANIFEST_BLOB_UNKNOWN', `the repository has no blob ${digest}`);
    }
    for (const { digest } of manifest.manifests ?? []) {
      const found = await this.#read(repository, parseDigest(digest));
      if (found === undefined)
        throw new RegistryError('MANIFEST_BLOB_UNKNOWN', `the repository has no manifest ${digest}`);
    }
  }
}

function parseManifest({ content, mediaType }: StoredManifest): Manifest {
  const parsed = manifestSchema.safeParse(parseJson(content));
  if (!parsed.success) throw new RegistryError('MANIFEST_INVALID', 'not an image manifest or index');
  if (parsed.data.mediaType !== undefined && parsed.data.mediaType !== mediaType) {
    throw new RegistryError(
      'MANIFEST_INVALID',
      'the Content-Type differs from the mediaType of the manifest',
    );
  }
  return parsed.data;
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}

function describeManifest(stored: StoredManifest): Record<string, unknown> {
  const { artifactType, config, annotations } = parseManifest(stored);
  return {
    mediaType: stored.mediaType,
    digest: stored.digest.text,
    size: stored.content.length,
    artifactType: artifactType ?? config?.mediaType,
    annotations,
  };
}
