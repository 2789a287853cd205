/** Bundles the program: `node scripts/bundle.ts [directory]`; the directory is `dist` when none is given. */

import { resolve } from 'node:path';
import { bundleProgram } from './bundle/bundle-program.ts';

const root = resolve(import.meta.dirname, '..');
const { directory, sizeBytes } = await bundleProgram(root, resolve(process.argv[2] ?? `${root}/dist`));
console.error(`${directory}: ${Math.round(sizeBytes / 1024)} KiB`);
