/** servePackages: an npm registry and a pip index with one package each, `tiny-dep` 1.0.0: what a package proxy offers. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { zipOf } from './zip-of.ts';

export interface PackageServer extends AsyncDisposable {
  readonly npm: string;
  readonly pip: string;
  /** Paths that were asked for. */
  readonly requests: readonly string[];
}

const TAR_BLOCK_BYTES = 512;
const WHEEL = 'tiny_dep-1.0.0-py3-none-any.whl';

function tarballOf(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const header = Buffer.alloc(TAR_BLOCK_BYTES);
    new Header({ path, size: Buffer.byteLength(text), mode: 0o644, type: 'File' }).encode(header, 0);
    const padding = (TAR_BLOCK_BYTES - (Buffer.byteLength(text) % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES;
    return [header, Buffer.from(text), Buffer.alloc(padding)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * TAR_BLOCK_BYTES)]));
}

const npmTarball = (): Buffer =>
  tarballOf({
    'package/package.json': '{"name":"tiny-dep","version":"1.0.0","main":"index.js"}',
    'package/index.js': "module.exports = 'from the npm proxy';\n",
  });

const wheel = (): Buffer => {
  const info = 'tiny_dep-1.0.0.dist-info';
  return zipOf({
    'tiny_dep.py': "ORIGIN = 'from the pip proxy'\n",
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: tiny-dep\nVersion: 1.0.0\n',
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: `tiny_dep.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
  });
};

function packument(url: string, tarball: Buffer): string {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const dist = { tarball: `${url}/npm/tiny-dep/-/tiny-dep-1.0.0.tgz`, integrity };
  const version = { name: 'tiny-dep', version: '1.0.0', dist };
  return JSON.stringify({
    name: 'tiny-dep',
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': version },
  });
}

/** Listens on a free port of an address that pods reach. */
export async function servePackages(address: string): Promise<PackageServer> {
  const requests: string[] = [];
  const tarball = npmTarball();
  const pages = new Map<string, Buffer | string>();
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push(path);
    const page = pages.get(path);
    if (page === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, { 'content-type': path.endsWith('/') ? 'text/html' : 'application/json' })
        .end(page);
  });
  server.listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  const url = `http://${address}:${typeof bound === 'object' ? (bound?.port ?? 0) : 0}`;
  pages.set('/npm/tiny-dep', packument(url, tarball));
  pages.set('/npm/tiny-dep/-/tiny-dep-1.0.0.tgz', tarball);
  pages.set('/pip/simple/tiny-dep/', `<!DOCTYPE html><a href="/pip/files/${WHEEL}">${WHEEL}</a>`);
  pages.set(`/pip/files/${WHEEL}`, wheel());
  return {
    npm: `${url}/npm/`,
    pip: `${url}/pip/simple`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
