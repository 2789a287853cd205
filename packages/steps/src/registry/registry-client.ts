/** A small client of the OCI distribution API: just what building, tagging and checking images needs. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { StepFailure } from '../step-failure.ts';
import { indexSchema, manifestSchema, MEDIA_TYPE, type Manifest } from './oci-manifest.ts';
import type { FindCredentials } from './registry-credentials.ts';
import { createRegistryTransport, type RegistryResponse } from './registry-transport.ts';

/** A manifest as the registry stores it: its bytes are its identity. */
export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** Bytes to upload, from memory or from a file. */
export interface Blob {
  readonly digest: string;
  readonly size: number;
  readonly content: Buffer | { readonly path: string };
}

export interface RegistryClient {
  /** Undefined when the tag or digest does not exist. */
  getManifest(repository: string, reference: string): Promise<StoredManifest | undefined>;
  putManifest(
    repository: string,
    reference: string,
    manifest: Omit<StoredManifest, 'digest'>,
  ): Promise<string>;
  /** Gives an existing manifest more names; no bytes of layers move. */
  tag(repository: string, manifest: StoredManifest, tags: readonly string[]): Promise<void>;
  hasBlob(repository: string, digest: string): Promise<boolean>;
  getBlob(repository: string, digest: string): Promise<Readable>;
  /** Uploads unless the repository has it already. */
  putBlob(repository: string, blob: Blob): Promise<void>;
  /** Asks to share a blob of another repository of this registry; false when it does not. */
  mountBlob(repository: string, digest: string, from: string): Promise<boolean>;
}

const ACCEPT = [
  MEDIA_TYPE.manifest,
  MEDIA_TYPE.index,
  MEDIA_TYPE.dockerManifest,
  MEDIA_TYPE.dockerIndex,
].join(', ');

/** `sha256:<hex>` of bytes. */
export const digestOf = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const readBlob = ({ content }: Blob): Readable | Buffer =>
  Buffer.isBuffer(content) ? content : createReadStream(content.path);

const refuse = async (registry: string, what: string, response: RegistryResponse): Promise<never> => {
  const text = (await response.body.text()).slice(0, 300);
  const denied = response.statusCode === 401 || response.statusCode === 403;
  throw new StepFailure(`registry ${registry} refused ${what}: HTTP ${response.statusCode} ${text}`.trim(), {
    code: denied ? 'REGISTRY_DENIED' : 'REGISTRY_REFUSED',
    hint: denied ? 'link a registry secret to the service account' : 'see the log of the registry',
  });
};

const withQuery = (location: string, digest: string): string =>
  `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`;

/** A manifest, or where the manifest of one platform is; undefined when an index has none for it. */
export type ChosenManifest =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'reference'; readonly digest: string }
  | undefined;

/** Chooses one platform's manifest of an index; a plain manifest is its own choice. */
export const chooseManifest = (stored: StoredManifest, architecture: string): ChosenManifest => {
  const json: unknown = JSON.parse(stored.bytes.toString('utf8'));
  const index = indexSchema.safeParse(json);
  if (!index.success) return { kind: 'manifest', manifest: manifestSchema.parse(json) };
  const found = index.data.manifests.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === architecture,
  );
  return found === undefined ? undefined : { kind: 'reference', digest: found.digest };
};

/** Opens a client for one registry host. */
export const createRegistryClient = (
  registry: string,
  {
    findCredentials = () => undefined,
    signal,
  }: { findCredentials?: FindCredentials; signal?: AbortSignal } = {},
): RegistryClient => {
  const send = createRegistryTransport(registry, findCredentials, signal);
  const pull = (repository: string): string => `repository:${repository}:pull`;
  const push = (repository: string): string => `repository:${repository}:pull,push`;

  const putManifest: RegistryClient['putManifest'] = async (repository, reference, { mediaType, bytes }) => {
    const path = `/v2/${repository}/manifests/${reference}`;
    const headers = { 'content-type': mediaType };
    const response = await send({ method: 'PUT', path, headers, body: () => bytes, scope: push(repository) });
    if (response.statusCode !== 201)
      return await refuse(registry, `manifest ${repository}:${reference}`, response);
    await response.body.dump();
    return digestOf(bytes);
  };

  const hasBlob: RegistryClient['hasBlob'] = async (repository, digest) => {
    const path = `/v2/${repository}/blobs/${digest}`;
    const response = await send({ method: 'HEAD', path, scope: push(repository) });
    await response.body.dump();
    return response.statusCode === 200;
  };

  const beginUpload = async (repository: string, query: string): Promise<RegistryResponse> =>
    await send({ method: 'POST', path: `/v2/${repository}/blobs/uploads/${query}`, scope: push(repository) });

  return {
    putManifest,
    hasBlob,
    async getManifest(repository, reference) {
      const path = `/v2/${repository}/manifests/${reference}`;
      const response = await send({
        method: 'GET',
        path,
        headers: { accept: ACCEPT },
        scope: pull(repository),
      });
      if (response.statusCode === 404) {
        await response.body.dump();
        return undefined;
      }
      if (response.statusCode !== 200) return await refuse(registry, `${repository}:${reference}`, response);
      const bytes = Buffer.from(await response.body.arrayBuffer());
      const mediaType = String(response.headers['content-type'] ?? MEDIA_TYPE.manifest);
      return { bytes, mediaType, digest: digestOf(bytes) };
    },
    async tag(repository, manifest, tags) {
      for (const tag of tags) await putManifest(repository, tag, manifest);
    },
    async getBlob(repository, digest) {
      const path = `/v2/${repository}/blobs/${digest}`;
      const response = await send({ method: 'GET', path, scope: pull(repository) });
      if (response.statusCode !== 200)
        return await refuse(registry, `blob ${repository}@${digest}`, response);
      return response.body;
    },
    async putBlob(repository, blob) {
      if (await hasBlob(repository, blob.digest)) return;
      const begun = await beginUpload(repository, '');
      const location = begun.headers['location'];
      if (begun.statusCode !== 202 || typeof location !== 'string') {
        return await refuse(registry, `an upload to ${repository}`, begun);
      }
      await begun.body.dump();
      const response = await send({
        method: 'PUT',
        path: withQuery(location, blob.digest),
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(blob.size) },
        body: () => readBlob(blob),
        scope: push(repository),
      });
      if (response.statusCode !== 201)
        return await refuse(registry, `blob ${repository}@${blob.digest}`, response);
      await response.body.dump();
    },
    async mountBlob(repository, digest, from) {
      const query = `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
      const response = await beginUpload(repository, query);
      await response.body.dump();
      return response.statusCode === 201;
    },
  };
};
