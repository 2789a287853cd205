/** workerFiles: files that the program starts by their address, `new URL('./x.ts', import.meta.url)`, as entries of the bundle. */

import type { Plugin } from 'esbuild';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

export interface WorkerFiles {
  /** Name of the bundled file, without `.js`, to its source. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /** Rewrites the addresses to the bundled names. */
  readonly plugin: Plugin;
}

const ADDRESS = /new URL\(\s*'(?<path>[^']+)'\s*,\s*import\.meta\.url\s*\)/g;

/** Searches the sources of all packages. Throws for an address that the bundle cannot hold. */
export async function workerFiles(packagesDir: string): Promise<WorkerFiles> {
  const entryPoints: Record<string, string> = {};
  for (const file of await listSources(packagesDir)) {
    for (const path of addressesOf(await readFile(file, 'utf8'))) {
      if (!/^\.\/[a-z-]+\.ts$/.test(path)) throw new Error(`${file}: the bundle has no file ${path}`);
      entryPoints[basename(path, '.ts')] = resolve(dirname(file), path);
    }
  }
  return { entryPoints, plugin: rewriteAddresses };
}

const rewriteAddresses: Plugin = {
  name: 'rewrite-addresses',
  setup(build) {
    build.onLoad({ filter: /packages\/[a-z-]+\/src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replaceAll(
        ADDRESS,
        (_, address: string) => `new URL('${address.replace(/\.ts$/, '.js')}', import.meta.url)`,
      );
      return { contents, loader: 'ts' };
    });
  },
};

function addressesOf(source: string): string[] {
  return Array.from(source.matchAll(ADDRESS), ({ groups }) => groups?.['path'] ?? '');
}

async function listSources(packagesDir: string): Promise<string[]> {
  const entries = await readdir(packagesDir, { recursive: true, withFileTypes: true });
  return entries
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => /\/src\/.*(?<!\.test)\.ts$/.test(path) && !/\/(node_modules|testing)\//.test(path))
    .toSorted();
}
