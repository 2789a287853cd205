/** publishStandIns: the program's image with the stand-ins for mirrord and Telepresence on its PATH. */

import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { appendLayer } from './append-layer.ts';

const run = promisify(execFile);
const PROGRAMS = {
  mirrord: 'mirrord.ts',
  telepresence: 'telepresence.ts',
  'stand-in-agent': 'agent.ts',
} as const;

async function bundle(directory: string): Promise<void> {
  await build({
    entryPoints: Object.entries(PROGRAMS).map(([out, file]) => ({
      out,
      in: join(import.meta.dirname, file),
    })),
    outdir: directory,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    external: ['pg-native'],
    define: { 'import.meta.dirname': '"/"', 'import.meta.url': '"file:///"' },
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'error',
  });
  for (const name of Object.keys(PROGRAMS)) {
    await rename(join(directory, `${name}.js`), join(directory, name));
    await chmod(join(directory, name), 0o755);
  }
}

/** Returns the image's reference; it stays in the registry. */
export async function publishStandIns(image: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'stand-ins-'));
  try {
    const bin = join(root, 'usr/local/bin');
    await mkdir(bin, { recursive: true });
    await bundle(bin);
    const archive = join(root, 'layer.tar');
    await run('tar', ['-C', root, '--owner=0', '--group=0', '-cf', archive, 'usr']);
    return await appendLayer(image, await readFile(archive), `stand-ins-${randomBytes(4).toString('hex')}`);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
