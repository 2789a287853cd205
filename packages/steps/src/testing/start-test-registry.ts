/** An OCI registry in memory, over real HTTP: enough of the distribution API for tests. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { RegistryGate, type RegistryGateOptions } from './registry-gate.ts';

export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** JSON of a manifest; undefined when there is none. */
  manifest(repository: string, reference: string): { digest: string; json: unknown } | undefined;
  blob(digest: string): Buffer | undefined;
  /** Tags of a repository, sorted. */
  tags(repository: string): string[];
  /** Stores a blob in a repository, as another client would. */
  seedBlob(repository: string, bytes: Buffer): string;
  seedManifest(repository: string, tag: string, bytes: Buffer, mediaType: string): string;
  /** Method and path of all requests. */
  readonly requests: readonly string[];
}

interface Stored {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

class MemoryRegistry {
  readonly blobs = new Map<string, Buffer>();
  readonly members = new Set<string>();
  readonly manifests = new Map<string, Stored>();
  readonly requests: string[] = [];
  readonly #gate: RegistryGate;
  #uploads = 0;
  host = '';

  constructor(options: RegistryGateOptions) {
    this.#gate = new RegistryGate(options);
  }

  store(repository: string, reference: string, stored: Stored): string {
    const digest = digestOf(stored.bytes);
    this.manifests.set(`${repository}:${reference}`, stored);
    this.manifests.set(`${repository}:${digest}`, stored);
    return digest;
  }

  storeBlob(repository: string, bytes: Buffer): string {
    const digest = digestOf(bytes);
    this.blobs.set(digest, bytes);
    this.members.add(`${repository}@${digest}`);
    return digest;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${this.host}`);
    this.requests.push(`${request.method ?? ''} ${url.pathname}`);
    const body = await readBody(request);
    if (this.#gate.answer(request, response, url)) return;
    const manifest = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url.pathname);
    if (manifest !== null) return this.#serveManifest(request, response, { match: manifest, body });
    const upload = /^\/v2\/(.+)\/blobs\/uploads\/([^/]*)$/.exec(url.pathname);
    if (upload !== null) return this.#serveUpload(request, response, { match: upload, body, url });
    const blob = /^\/v2\/(.+)\/blobs\/([^/]+)$/.exec(url.pathname);
    if (blob !== null) return this.#serveBlob(request, response, blob);
    response.writeHead(404).end();
  }

  #serveManifest(
    request: IncomingMessage,
    response: ServerResponse,
    { match, body }: { match: RegExpExecArray; body: Buffer },
  ): void {
    const [, repository = '', reference = ''] = match;
    if (request.method === 'PUT') {
      const mediaType = request.headers['content-type'] ?? '';
      response
        .writeHead(201, {
          'docker-content-digest': this.store(repository, reference, { bytes: body, mediaType }),
        })
        .end();
      return;
    }
    const stored = this.manifests.get(`${repository}:${reference}`);
    if (stored === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': stored.mediaType }).end(stored.bytes);
  }

  #serveUpload(
    request: IncomingMessage,
    response: ServerResponse,
    { match, body, url }: { match: RegExpExecArray; body: Buffer; url: URL },
  ): void {
    const [, repository = ''] = match;
    if (request.method === 'POST') {
      const mount = url.searchParams.get('mount');
      const from = url.searchParams.get('from');
      if (mount !== null && this.members.has(`${from ?? ''}@${mount}`)) {
        this.members.add(`${repository}@${mount}`);
        response.writeHead(201).end();
        return;
      }
      this.#uploads += 1;
      response.writeHead(202, { location: `/v2/${repository}/blobs/uploads/${this.#uploads}?state=x` }).end();
      return;
    }
    const digest = url.searchParams.get('digest') ?? '';
    if (digestOf(body) !== digest) response.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID"}]}');
    else response.writeHead(201, { 'docker-content-digest': this.storeBlob(repository, body) }).end();
  }

  #serveBlob(request: IncomingMessage, response: ServerResponse, match: RegExpExecArray): void {
    const [, repository = '', digest = ''] = match;
    const bytes = this.members.has(`${repository}@${digest}`) ? this.blobs.get(digest) : undefined;
    if (bytes === undefined) response.writeHead(404).end();
    else if (request.method === 'HEAD') response.writeHead(200, { 'content-length': bytes.length }).end();
    else response.writeHead(200).end(bytes);
  }
}

/** Listens on a free loopback port. */
export const startTestRegistry = async (options: RegistryGateOptions = {}): Promise<TestRegistry> => {
  const memory = new MemoryRegistry(options);
  const server = createServer((request, response) => {
    // Only reading can fail: the client broke off.
    memory.serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  memory.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    host: memory.host,
    requests: memory.requests,
    manifest(repository, reference) {
      const stored = memory.manifests.get(`${repository}:${reference}`);
      if (stored === undefined) return undefined;
      const json: unknown = JSON.parse(stored.bytes.toString('utf8'));
      return { digest: digestOf(stored.bytes), json };
    },
    blob: (digest) => memory.blobs.get(digest),
    tags: (repository) =>
      [...memory.manifests.keys()]
        .filter((key) => key.startsWith(`${repository}:`) && !key.includes(':sha256:'))
        .map((key) => key.slice(repository.length + 1))
        .sort(),
    seedBlob: (repository, bytes) => memory.storeBlob(repository, bytes),
    seedManifest: (repository, tag, bytes, mediaType) => memory.store(repository, tag, { bytes, mediaType }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
};
