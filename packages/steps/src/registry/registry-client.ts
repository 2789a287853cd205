/** A small client of the OCI distribution API: just what building, tagging and checking images needs. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { StepFailure } from '../step-failure.ts';
import { explainRefusal } from './explain-refusal.ts';
import { indexSchema, manifestSchema, MEDIA_TYPE, type Manifest } from './oci-manifest.ts';
import type { FindCredentials } from './registry-credentials.ts';
import {
  createRegistryTransport,
  type RegistryRequest,
  type RegistryResponse,
} from './registry-transport.ts';

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

/** All methods throw REGISTRY_UNREACHABLE, REGISTRY_DENIED or REGISTRY_REFUSED. */
export interface RegistryClient {
  /** Undefined when the tag or digest does not exist. */
  getManifest(repository: string, reference: string): Promise<StoredManifest | undefined>;
  /** Gives a manifest names; no bytes of layers move. */
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

const readBlob = ({ content }: Blob): Readable | Buffer =>
  Buffer.isBuffer(content) ? content : createReadStream(content.path);

const withDigest = (location: string, digest: string): string =>
  `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`;

class HttpRegistryClient implements RegistryClient {
  readonly #registry: string;
  readonly #send: (request: RegistryRequest) => Promise<RegistryResponse>;

  constructor(registry: string, send: (request: RegistryRequest) => Promise<RegistryResponse>) {
    this.#registry = registry;
    this.#send = send;
  }

  async getManifest(repository: string, reference: string): Promise<StoredManifest | undefined> {
    const path = `/v2/${repository}/manifests/${reference}`;
    const scopes = [pullScope(repository)];
    const response = await this.#send({ method: 'GET', path, headers: { accept: ACCEPT }, scopes });
    if (response.statusCode === 404) {
      await response.body.dump();
      return undefined;
    }
    if (response.statusCode !== 200) throw await this.#refusal(`${repository}:${reference}`, response);
    const bytes = Buffer.from(await response.body.arrayBuffer());
    const mediaType = String(response.headers['content-type'] ?? MEDIA_TYPE.manifest);
    return { bytes, mediaType, digest: digestOf(bytes) };
  }

  async tag(
    repository: string,
    { bytes, mediaType }: StoredManifest,
    tags: readonly string[],
  ): Promise<void> {
    for (const tag of tags) {
      const path = `/v2/${repository}/manifests/${tag}`;
      const headers = { 'content-type': mediaType };
      await this.#expect(201, `tag ${repository}:${tag}`, {
        method: 'PUT',
        path,
        headers,
        body: () => bytes,
        scopes: [pushScope(repository)],
      });
    }
  }

  async hasBlob(repository: string, digest: string): Promise<boolean> {
    const path = `/v2/${repository}/blobs/${digest}`;
    const response = await this.#send({ method: 'HEAD', path, scopes: [pushScope(repository)] });
    if (response.statusCode !== 200 && response.statusCode !== 404)
      throw await this.#refusal(`blob ${repository}@${digest}`, response);
    await response.body.dump();
    return response.statusCode === 200;
  }

  async getBlob(repository: string, digest: string): Promise<Readable> {
    const path = `/v2/${repository}/blobs/${digest}`;
    const response = await this.#send({ method: 'GET', path, scopes: [pullScope(repository)] });
    if (response.statusCode !== 200) throw await this.#refusal(`blob ${repository}@${digest}`, response);
    return response.body;
  }

  async putBlob(repository: string, blob: Blob): Promise<void> {
    if (await this.hasBlob(repository, blob.digest)) return;
    const begun = await this.#beginUpload(repository);
    const location = begun.headers['location'];
    if (begun.statusCode !== 202 || typeof location !== 'string') {
      throw await this.#refusal(`an upload to ${repository}`, begun);
    }
    await begun.body.dump();
    await this.#expect(201, `blob ${repository}@${blob.digest}`, {
      method: 'PUT',
      path: withDigest(location, blob.digest),
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(blob.size) },
      body: () => readBlob(blob),
      scopes: [pushScope(repository)],
    });
  }

  async mountBlob(repository: string, digest: string, from: string): Promise<boolean> {
    const query = `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
    const scopes = [pushScope(repository), pullScope(from)];
    const response = await this.#beginUpload(repository, query, scopes);
    if (response.statusCode !== 201 && response.statusCode !== 202)
      throw await this.#refusal(`a blob of ${from} for ${repository}`, response);
    await response.body.dump();
    return response.statusCode === 201;
  }

  async #beginUpload(
    repository: string,
    query = '',
    scopes = [pushScope(repository)],
  ): Promise<RegistryResponse> {
    const path = `/v2/${repository}/blobs/uploads/${query}`;
    return await this.#send({ method: 'POST', path, scopes });
  }

  async #expect(status: number, what: string, request: RegistryRequest): Promise<void> {
    const response = await this.#send(request);
    if (response.statusCode !== status) throw await this.#refusal(what, response);
    await response.body.dump();
  }

  async #refusal(what: string, response: RegistryResponse): Promise<StepFailure> {
    const body = await response.body.text();
    return explainRefusal({ registry: this.#registry, what, status: response.statusCode, body });
  }
}

const pullScope = (repository: string): string => `repository:${repository}:pull`;
const pushScope = (repository: string): string => `repository:${repository}:pull,push`;

/** Opens a client for one registry host. */
export const createRegistryClient = (
  registry: string,
  {
    findCredentials = () => undefined,
    plainHttp = false,
    signal,
  }: { findCredentials?: FindCredentials; plainHttp?: boolean; signal?: AbortSignal } = {},
): RegistryClient =>
  new HttpRegistryClient(registry, createRegistryTransport(registry, { findCredentials, plainHttp, signal }));
