/** englishOnly: zod without its fifty languages, which a bundle cannot shake off; ours is the only one that is ever asked for. */

import type { Plugin } from 'esbuild';

/** zod's `export * as locales`: one module that names them all. */
const LOCALES = /zod\/v4\/locales\/index\.js$/;

export const englishOnly: Plugin = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: LOCALES }, () => ({ contents: "export { default as en } from './en.js';" }));
  },
};
