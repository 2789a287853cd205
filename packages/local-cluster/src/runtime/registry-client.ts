/** Pulls manifests and blobs from the local registry (OCI distribution spec v1.1, "Pull"), verifying every digest. */

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { arch } from 'node:process';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

export interface ImageManifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

/** Every method throws an Error with a message for the user when the registry does not have what is asked for. */
export interface RegistryClient {
  /** The digest that a tag stands for now; a digest is its own answer. */
  resolveDigest(repository: string, reference: string): Promise<string>;
  /** The image's manifest; of an index the one for this machine. */
  getManifest(repository: string, digest: string): Promise<ImageManifest>;
  downloadBlob(repository: string, digest: string, file: string): Promise<void>;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const ACCEPT = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');
/** Node's names of processors to the ones of Go, which images use. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

const digestSchema = z.string().regex(DIGEST);
const manifestSchema = z.object({
  config: z.object({ digest: digestSchema }),
  layers: z.array(z.object({ digest: digestSchema })).max(512),
});
const indexSchema = z.object({
  manifests: z.array(
    z.object({
      digest: digestSchema,
      platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
    }),
  ),
});

/** A client for `http://<registryHost>`. */
export function createRegistryClient(registryHost: string): RegistryClient {
  const get = async (path: string, method: 'GET' | 'HEAD' = 'GET'): Promise<Response> => {
    const url = `http://${registryHost}/v2/${path}`;
    const response = await fetch(url, {
      method,
      headers: { accept: ACCEPT },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => undefined);
    if (response === undefined) throw new Error(`the registry ${registryHost} does not answer`);
    if (response.ok) return response;
    await response.body?.cancel();
    throw new Error(
      `${registryHost}/${path}: ${response.status === 404 ? 'not found' : `HTTP ${response.status}`}`,
    );
  };

  const getManifest = async (repository: string, digest: string): Promise<ImageManifest> => {
    const response = await get(`${repository}/manifests/${digest}`);
    const body: unknown = JSON.parse(await readVerified(response, digest));
    const index = indexSchema.safeParse(body);
    if (!index.success) return manifestSchema.parse(body);
    return await getManifest(repository, chooseManifest(index.data.manifests, repository));
  };

  return {
    async resolveDigest(repository, reference) {
      if (DIGEST.test(reference)) return reference;
      const response = await get(`${repository}/manifests/${encodeURIComponent(reference)}`, 'HEAD');
      return digestSchema.parse(response.headers.get('docker-content-digest'));
    },
    getManifest,
    async downloadBlob(repository, digest, file) {
      const { body } = await get(`${repository}/blobs/${digest}`);
      if (body === null) throw new Error(`${digest}: the registry sent no content`);
      const hash = createHash('sha256');
      const hashing = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          done(null, chunk);
        },
      });
      await pipeline(Readable.fromWeb(body), hashing, createWriteStream(file));
      assertDigest(digest, hash.digest('hex'));
    },
  };
}

async function readVerified(response: Response, digest: string): Promise<string> {
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length > MAX_MANIFEST_BYTES) throw new Error(`${digest}: the manifest is too large`);
  assertDigest(digest, createHash('sha256').update(bytes).digest('hex'));
  return bytes.toString('utf8');
}

function assertDigest(expected: string, actualHex: string): void {
  if (expected !== `sha256:${actualHex}`) throw new Error(`${expected}: the content has another digest`);
}

function chooseManifest(manifests: z.infer<typeof indexSchema>['manifests'], repository: string): string {
  const wanted = ARCHITECTURES[arch] ?? arch;
  const fits = manifests.find(
    ({ platform }) => platform === undefined || (platform.os === 'linux' && platform.architecture === wanted),
  );
  if (fits === undefined) throw new Error(`${repository}: no image for linux/${wanted}`);
  return fits.digest;
}
