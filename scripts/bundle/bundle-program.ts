/**
 * bundleProgram: the whole program as a few files of JavaScript that need nothing but Node. The same sources give the same
 * bytes on every machine.
 */

import { build, type Metafile } from 'esbuild';
import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { copyPackages } from './copy-packages.ts';
import { englishOnly } from './english-only.ts';
import { namedExports } from './named-exports.ts';
import { renderLicenses } from './render-licenses.ts';
import { workerFiles } from './worker-files.ts';

export interface Bundle {
  readonly directory: string;
  /** Of the JavaScript. */
  readonly sizeBytes: number;
}

/** Packages of npm that call `require`, which a module does not have. */
const REQUIRE =
  "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);";

/** Started as processes: app tests of kind postman. */
const PROGRAMS = ['newman'];

/** What `catalog`, `namespace` and `doctor` read. */
const CATALOG = ['tasks', 'pipeline'];

/**
 * Writes `tekton-dag.js`, its chunks and workers, `package.json` and `third-party-licenses.txt`, the catalog, and
 * `node_modules` with the programs that it starts, into `directory`, whose old content goes. Throws what esbuild reports, and an Error for a file that the bundle would lack.
 */
export async function bundleProgram(checkout: string, directory: string): Promise<Bundle> {
  const root = resolve(checkout);
  const fresh = `${directory}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const metafile = await bundleModules(root, fresh);
  const licenses = await renderLicenses(root, Object.keys(metafile.inputs));
  await writeFile(join(fresh, 'package.json'), `${JSON.stringify(await readManifest(root))}\n`);
  await writeFile(join(fresh, 'third-party-licenses.txt'), licenses);
  for (const folder of CATALOG) await cp(join(root, folder), join(fresh, folder), { recursive: true });
  await copyPackages(root, fresh, PROGRAMS);
  await chmod(join(fresh, 'tekton-dag.js'), 0o755);
  await rm(directory, { recursive: true, force: true });
  await rename(fresh, directory);
  return { directory, sizeBytes: sizeOf(metafile) };
}

async function bundleModules(root: string, directory: string): Promise<Metafile> {
  const workers = await workerFiles(join(root, 'packages'));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { 'tekton-dag': 'packages/cli/src/main.ts', ...workers.entryPoints },
    outdir: directory,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
    external: ['pg-native'],
    plugins: [workers.plugin, namedExports, englishOnly],
    metafile: true,
    logLevel: 'silent',
  });
  return metafile;
}

/** Just enough for Node to take the files for modules. */
async function readManifest(root: string): Promise<object> {
  const { name, version, license }: Record<string, string> = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  return { name, version, license, type: 'module' };
}

function sizeOf({ outputs }: Metafile): number {
  return Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0);
}
