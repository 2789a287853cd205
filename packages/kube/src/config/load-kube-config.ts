/** loadKubeConfig: finds and reads the configuration as kubectl does, from KUBECONFIG, the pod, or the home directory. */

import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { err, ok, type Result } from '../result.ts';
import type { KubeConfig, KubeConfigFailure } from './kube-config.ts';
import { mergeKubeConfigFiles, parseKubeConfigFile, type KubeConfigFile } from './kube-config-file.ts';
import { loadInClusterConfig } from './load-in-cluster-config.ts';
import { resolveKubeConfig } from './resolve-kube-config.ts';

export interface LoadKubeConfigOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Another context than the current one. */
  readonly context?: string | undefined;
  /** One file to use instead of searching, as `--kubeconfig` does. */
  readonly path?: string | undefined;
}

/** Order: `path`, KUBECONFIG (files are merged, the first wins), the pod's service account, `~/.kube/config`. */
export async function loadKubeConfig(
  options: LoadKubeConfigOptions,
): Promise<Result<KubeConfig, KubeConfigFailure>> {
  const paths = explicitPaths(options);
  if (paths.length > 0) return loadFiles(paths, options);
  const inCluster = await loadInClusterConfig(options.env);
  if (inCluster !== undefined) return inCluster;
  return loadFiles([join(options.homeDir, '.kube', 'config')], options);
}

function explicitPaths({ path, env }: LoadKubeConfigOptions): string[] {
  if (path !== undefined && path !== '') return [path];
  return (env['KUBECONFIG'] ?? '').split(delimiter).filter((entry) => entry !== '');
}

async function loadFiles(
  paths: readonly string[],
  { context }: LoadKubeConfigOptions,
): Promise<Result<KubeConfig, KubeConfigFailure>> {
  const files: KubeConfigFile[] = [];
  for (const path of paths) {
    const text = await readIfThere(path);
    if (!text.ok) return text;
    if (text.value === undefined) continue;
    const file = await parseKubeConfigFile(text.value, path);
    if (!file.ok) return file;
    files.push(file.value);
  }
  if (files.length === 0)
    return err({ reason: 'not-found', message: `no kubeconfig at ${paths.join(', ')}` });
  return resolveKubeConfig(mergeKubeConfigFiles(files), context);
}

/** Missing files are skipped, as kubectl skips them. */
async function readIfThere(path: string): Promise<Result<string | undefined, KubeConfigFailure>> {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return ok(undefined);
    return err({ reason: 'unreadable', message: `cannot read ${path}: ${String(code)}` });
  }
}
