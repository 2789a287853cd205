/** servePackages: an npm registry and a pip index: what a package proxy offers. Both have `tiny-dep` 1.0.0. */

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

/** One version of a package, as the file that its registry has. */
export interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

export interface PackageFiles {
  readonly npm: readonly PackageFile[];
  readonly pip: readonly PackageFile[];
}

const tinyDep = (): PackageFiles => ({
  npm: [{ name: 'tiny-dep', version: '1.0.0', fileName: 'tiny-dep-1.0.0.tgz', bytes: npmTarball() }],
  pip: [{ name: 'tiny-dep', version: '1.0.0', fileName: WHEEL, bytes: wheel() }],
});

type Pages = Map<string, Buffer | string>;

function addNpm(pages: Pages, url: string, { name, version, fileName, bytes }: PackageFile): void {
  const path = `/npm/${name}/-/${fileName}`;
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const versions = { [version]: { name, version, dist: { tarball: `${url}${path}`, integrity } } };
  pages.set(`/npm/${name}`, JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
  pages.set(path, bytes);
}

function addPip(pages: Pages, { name, fileName, bytes }: PackageFile): void {
  pages.set(`/pip/simple/${name}/`, `<!DOCTYPE html><a href="/pip/files/${fileName}">${fileName}</a>`);
  pages.set(`/pip/files/${fileName}`, bytes);
}

/** Listens on a free port of an address that pods reach. */
export async function servePackages(address: string, files = tinyDep()): Promise<PackageServer> {
  const requests: string[] = [];
  const pages: Pages = new Map();
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
  for (const file of files.npm) addNpm(pages, url, file);
  for (const file of files.pip) addPip(pages, file);
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
