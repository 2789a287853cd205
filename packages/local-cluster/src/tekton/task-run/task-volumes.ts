/** Volumes and workspaces of a TaskRun, made as host directories that its containers mount. */

import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import type { Mount } from '../../contracts/container-runtime.ts';
import type { VolumeMount, VolumeSource, WorkspaceBinding } from '../specs/volume-spec.ts';
import type { ClusterFiles, Entries } from './cluster-files.ts';
import { configFailure, type ConfigFailure } from './config-failure.ts';

export interface VolumeSources {
  readonly files: ClusterFiles;
  /** A new directory of this attempt. */
  directory(name: string): string;
  /** The directory of a PersistentVolumeClaim; undefined when there is no such claim. */
  claim(name: string): string | undefined;
}

type KeyItems = readonly { readonly key: string; readonly path: string }[];

/** The host directory that holds the source's files. */
export function makeVolume(
  name: string,
  source: VolumeSource,
  sources: VolumeSources,
): Result<string, ConfigFailure> {
  if (source.persistentVolumeClaim !== undefined) {
    const { claimName } = source.persistentVolumeClaim;
    const directory = sources.claim(claimName);
    return directory === undefined
      ? err(configFailure(`persistentvolumeclaim "${claimName}" not found`))
      : ok(directory);
  }
  if (source.hostPath !== undefined) return ok(source.hostPath.path);
  return fillDirectory(sources.directory(name), source, sources.files);
}

/** A workspace's directory, its sub-path included. */
export function makeWorkspace(
  binding: WorkspaceBinding,
  sources: VolumeSources,
): Result<string, ConfigFailure> {
  const directory = makeVolume(`workspace-${binding.name}`, binding, sources);
  return directory.ok ? subDirectory(directory.value, binding.subPath) : directory;
}

/** The mounts that a container's volumeMounts ask for. */
export function mountVolumes(
  volumeMounts: readonly VolumeMount[],
  volumes: ReadonlyMap<string, string>,
): Result<Mount[], ConfigFailure> {
  const mounts: Mount[] = [];
  for (const { name, mountPath, subPath, readOnly } of volumeMounts) {
    const volume = volumes.get(name);
    if (volume === undefined) return err(configFailure(`volume "${name}" is not declared`));
    const hostPath = subDirectory(volume, subPath);
    if (!hostPath.ok) return hostPath;
    mounts.push({ hostPath: hostPath.value, path: mountPath, ...(readOnly === true && { readOnly }) });
  }
  return ok(mounts);
}

/** A sub-path that stays inside the volume, even through links that a step made. */
function subDirectory(volume: string, subPath: string | undefined): Result<string, ConfigFailure> {
  if (subPath === undefined || subPath === '') return ok(volume);
  const refusal = err(
    configFailure(`subPath "${subPath}" must not contain '..' nor lead outside its volume`),
  );
  if (isAbsolute(subPath) || subPath.split('/').includes('..')) return refusal;
  const path = join(volume, subPath);
  if (!isInside(volume, nearestExisting(path, volume))) return refusal;
  mkdirSync(path, { recursive: true });
  return isInside(volume, path) ? ok(path) : refusal;
}

function nearestExisting(path: string, volume: string): string {
  for (let candidate = path; candidate.length > volume.length; candidate = dirname(candidate)) {
    try {
      return realpathSync(candidate);
    } catch {
      // Not there yet; what will be made is judged by the directory it is made in.
    }
  }
  return volume;
}

function isInside(volume: string, path: string): boolean {
  const root = realpathSync(volume);
  const real = realpathSync(path);
  return real === root || real.startsWith(root + sep);
}

function fillDirectory(
  directory: string,
  source: VolumeSource,
  files: ClusterFiles,
): Result<string, ConfigFailure> {
  const parts = [
    { configMap: source.configMap, secret: source.secret },
    ...(source.projected?.sources ?? []),
  ];
  for (const { configMap, secret } of parts) {
    const failure =
      (configMap && writeSource(directory, 'configmap', configMap, files.configMap(configMap.name ?? ''))) ??
      (secret && writeSource(directory, 'secret', secret, files.secret(nameOfSecret(secret))));
    if (failure !== undefined) return err(failure);
  }
  return ok(directory);
}

const nameOfSecret = (secret: NonNullable<VolumeSource['secret']>): string =>
  secret.secretName ?? secret.name ?? '';

function writeSource(
  directory: string,
  kind: 'configmap' | 'secret',
  source: NonNullable<VolumeSource['secret']>,
  entries: Entries | undefined,
): ConfigFailure | undefined {
  const name = kind === 'secret' ? nameOfSecret(source) : (source.name ?? '');
  if (entries === undefined)
    return source.optional === true ? undefined : configFailure(`${kind} "${name}" not found`);
  const items: KeyItems = source.items ?? [...entries.keys()].map((key) => ({ key, path: key }));
  const problem = itemsProblem(kind, items, entries, source.optional === true);
  if (problem !== undefined) return configFailure(problem);
  const mode = kind === 'secret' ? 0o600 : 0o644;
  for (const { key, path } of items) writeFile(join(directory, path), entries.get(key) ?? Buffer.of(), mode);
  return undefined;
}

function itemsProblem(
  kind: string,
  items: KeyItems,
  entries: Entries,
  isOptional: boolean,
): string | undefined {
  const missing = items.find(({ key }) => !entries.has(key));
  if (missing !== undefined && !isOptional) return `references non-existent ${kind} key: ${missing.key}`;
  const outside = items.find(({ path }) => isAbsolute(path) || path.split('/').includes('..'));
  return outside === undefined ? undefined : `invalid path "${outside.path}"`;
}

function writeFile(path: string, content: Buffer, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode });
}
