/**
 * namedExports: `const { Agent } = await import('undici')` as Node means it. esbuild gives packages in CommonJS a default
 * export alone when they are imported on demand; here each gets the names that Node finds in it.
 */

import type { Plugin } from 'esbuild';

const NAMESPACE = 'named-exports';
const PACKAGE = /^(?:@[a-z0-9-]+\/)?[a-z0-9.-]+$/;

/** Only for packages of npm. */
export const namedExports: Plugin = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: PACKAGE }, ({ path, kind, namespace, resolveDir }) => {
      const isOnDemand =
        kind === 'dynamic-import' && namespace === 'file' && !path.startsWith('@tekton-dag/');
      return isOnDemand ? { path, namespace: NAMESPACE, pluginData: { resolveDir } } : undefined;
    });
    build.onLoad({ filter: PACKAGE, namespace: NAMESPACE }, async ({ path, pluginData }) => {
      const found: object = await import(path);
      const names = Object.keys(found).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
      const { resolveDir }: { resolveDir: string } = pluginData;
      return { contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`, resolveDir };
    });
  },
};
