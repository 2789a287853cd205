/** Lays out the volumes of a pod as host directories and says where each container sees them. */

import { mkdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import type { Mount } from '../../contracts/container-runtime.ts';
import type { Container, DownwardFile, KeyToPath, Volume } from '../specs/pod-schema.ts';
import type { Pod } from '../specs/workload-objects.ts';
import {
  expandVariables,
  readPodField,
  readResourceField,
  type ReferenceLookup,
} from './container-environment.ts';
import { writeVolume, type VolumeFile } from './write-volume.ts';

export interface VolumeSurroundings extends ReferenceLookup {
  readonly pod: Pod;
  readonly podIp: string;
  /** A directory of this pod for the volume of this name; made on demand. */
  directory(volume: string): string;
  /** The directory of a PersistentVolumeClaim; undefined when there is no such claim. */
  claimDirectory(claim: string): string | undefined;
}

const DEFAULT_MODE = 0o644;

/** Host directory per volume name; done again, it brings the files up to date. The error says which object or key is missing, as kubelet words it. */
export function prepareVolumes(
  surroundings: VolumeSurroundings,
): Result<ReadonlyMap<string, string>, string> {
  const directories = new Map<string, string>();
  for (const volume of surroundings.pod.spec.volumes ?? []) {
    const directory = prepareVolume(volume, surroundings);
    if (!directory.ok)
      return err(`MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${directory.error}`);
    directories.set(volume.name, directory.value);
  }
  return ok(directories);
}

/** The mounts of one container; a subPath stays inside its volume. */
export function mountVolumes(
  container: Container,
  directories: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
): Result<readonly Mount[], string> {
  const mounts: Mount[] = [];
  for (const { name, mountPath, subPath, subPathExpr, readOnly } of container.volumeMounts ?? []) {
    const inside = subPathExpr === undefined ? (subPath ?? '') : expandVariables(subPathExpr, env);
    const directory = directories.get(name) ?? '';
    if (!isInside(inside))
      return err(`subPath of volume ${JSON.stringify(name)} must stay inside the volume`);
    const hostPath = inside === '' ? directory : join(directory, inside);
    if (inside !== '') mkdirQuietly(hostPath);
    mounts.push({
      hostPath,
      path: posix.normalize(mountPath).replace(/(?<=.)\/$/, ''),
      readOnly: readOnly === true,
    });
  }
  return ok(mounts);
}

function prepareVolume(volume: Volume, surroundings: VolumeSurroundings): Result<string, string> {
  if (volume.persistentVolumeClaim !== undefined) {
    const { claimName } = volume.persistentVolumeClaim;
    const directory = surroundings.claimDirectory(claimName);
    return directory === undefined
      ? err(`persistentvolumeclaim ${JSON.stringify(claimName)} not found`)
      : ok(directory);
  }
  if (volume.hostPath !== undefined) return ok(volume.hostPath.path);
  const directory = surroundings.directory(volume.name);
  if (volume.emptyDir !== undefined) return ok(directory);
  const files = listFiles(volume, surroundings);
  if (!files.ok) return files;
  return writeFiles(directory, files.value);
}

/** Files may stand in each other's way, and the disk may be full. */
function writeFiles(directory: string, files: readonly VolumeFile[]): Result<string, string> {
  try {
    writeVolume(directory, files);
    return ok(directory);
  } catch (fault) {
    const why = fault instanceof Error && 'code' in fault ? String(fault.code) : String(fault);
    return err(`its files cannot be written: ${why}`);
  }
}

function listFiles(volume: Volume, surroundings: VolumeSurroundings): Result<readonly VolumeFile[], string> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) {
    return keyFiles(
      surroundings.configMap(configMap.name ?? ''),
      configMap,
      `configmap ${JSON.stringify(configMap.name)}`,
    );
  }
  if (secret !== undefined) {
    const label = `secret ${JSON.stringify(secret.secretName)}`;
    return keyFiles(surroundings.secret(secret.secretName ?? ''), secret, label);
  }
  if (downwardAPI !== undefined) {
    return downwardFiles(downwardAPI.items ?? [], downwardAPI.defaultMode ?? DEFAULT_MODE, surroundings);
  }
  if (projected !== undefined) return projectedFiles(projected, surroundings);
  return err('a local cluster has no volumes of this kind');
}

function projectedFiles(
  { sources = [], defaultMode = DEFAULT_MODE }: NonNullable<Volume['projected']>,
  surroundings: VolumeSurroundings,
): Result<readonly VolumeFile[], string> {
  const files: VolumeFile[] = [];
  for (const source of sources) {
    const part = sourceFiles(source, defaultMode, surroundings);
    if (!part.ok) return part;
    files.push(...part.value);
  }
  return ok(files);
}

type ProjectedSource = NonNullable<NonNullable<Volume['projected']>['sources']>[number];

function sourceFiles(
  { configMap, secret, downwardAPI }: ProjectedSource,
  defaultMode: number,
  surroundings: VolumeSurroundings,
): Result<readonly VolumeFile[], string> {
  if (configMap !== undefined) {
    const { name = '' } = configMap;
    return keyFiles(
      surroundings.configMap(name),
      { ...configMap, defaultMode },
      `configmap ${JSON.stringify(name)}`,
    );
  }
  if (secret !== undefined) {
    const { name = '' } = secret;
    return keyFiles(surroundings.secret(name), { ...secret, defaultMode }, `secret ${JSON.stringify(name)}`);
  }
  // A service account's token is not put into files; pods get KUBECONFIG.
  return downwardFiles(downwardAPI?.items ?? [], defaultMode, surroundings);
}

interface KeySource {
  readonly items?: readonly KeyToPath[] | undefined;
  readonly optional?: boolean | undefined;
  readonly defaultMode?: number | undefined;
}

function keyFiles(
  data: Readonly<Record<string, string>> | undefined,
  { items, optional, defaultMode = DEFAULT_MODE }: KeySource,
  label: string,
): Result<readonly VolumeFile[], string> {
  if (data === undefined) return optional === true ? ok([]) : err(`${label} not found`);
  const wanted = items ?? Object.keys(data).map((key): KeyToPath => ({ key, path: key }));
  const missing = wanted.find(({ key }) => data[key] === undefined);
  if (missing !== undefined && optional !== true)
    return err(`${label} references non-existent key: ${missing.key}`);
  const outside = wanted.find(({ path }) => !isInside(path));
  if (outside !== undefined)
    return err(`${label}: the path of key ${outside.key} must stay inside the volume`);
  return ok(
    wanted
      .filter(({ key }) => data[key] !== undefined)
      .map(({ key, path, mode = defaultMode }) => ({
        path,
        mode,
        content: Buffer.from(data[key] ?? '', 'latin1'),
      })),
  );
}

function downwardFiles(
  items: readonly DownwardFile[],
  defaultMode: number,
  { pod, podIp }: VolumeSurroundings,
): Result<readonly VolumeFile[], string> {
  const files: VolumeFile[] = [];
  for (const { path, fieldRef, resourceFieldRef, mode = defaultMode } of items) {
    const named = pod.spec.containers.find((each) => each.name === resourceFieldRef?.containerName);
    const content =
      fieldRef === undefined
        ? readResourceField(named, resourceFieldRef?.resource ?? '')
        : readPodField(pod, podIp, fieldRef.fieldPath);
    if (content === undefined) return err(`unsupported fieldPath: ${fieldRef?.fieldPath}`);
    if (!isInside(path)) return err(`the path ${path} must stay inside the volume`);
    files.push({ path, content: Buffer.from(content), mode });
  }
  return ok(files);
}

/** Relative, without `..`. */
function isInside(path: string): boolean {
  return !posix.isAbsolute(path) && !path.split('/').includes('..');
}

/** A subPath may name a file that is there already. */
function mkdirQuietly(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch {
    // It is a file.
  }
}
