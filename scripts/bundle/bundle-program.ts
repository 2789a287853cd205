/**
 * bundleProgram: the whole program as a few files of JavaScript that need nothing but Node. The same sources give the same
 * bytes on every machine.
 */

import { build, type Metafile } from 'esbuild';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderLicenses } from './render-licenses.ts';
import { workerFiles } from './worker-files.ts';

export interface Bundle {
  readonly directory: string;
  /** Of the JavaScript. */
  readonly sizeBytes: number;
}

/** Packages of npm that call `require`, which a module does not have. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * Writes `tekton-dag.js`, its chunks and workers, `package.json` and `third-party-licenses.txt` into `directory`, which is
 * emptied first. Throws what esbuild reports, and an Error for a file that the bundle would lack.
 */
export async function bundleProgram(root: string, directory: string): Promise<Bundle> {
  const workers = await workerFiles(join(root, 'packages'));
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
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
    plugins: [workers.plugin],
    metafile: true,
    logLevel: 'warning',
  });
  const manifest = await readManifest(root);
  await writeFile(join(directory, 'package.json'), `${JSON.stringify(manifest)}\n`);
  await writeFile(
    join(directory, 'third-party-licenses.txt'),
    await renderLicenses(root, inputsOf(metafile)),
  );
  await chmod(join(directory, 'tekton-dag.js'), 0o755);
  return { directory, sizeBytes: sizeOf(metafile) };
}

/** Just enough for Node to take the files for modules. */
async function readManifest(root: string): Promise<object> {
  const { name, version, license }: Record<string, string> = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  );
  return { name, version, license, type: 'module' };
}

function inputsOf({ inputs }: Metafile): string[] {
  return Object.keys(inputs);
}

function sizeOf({ outputs }: Metafile): number {
  return Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0);
}
