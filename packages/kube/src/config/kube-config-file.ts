/** KubeConfigFile: one kubeconfig file as far as this client reads it (kubectl's config.v1 schema). */

import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '../result.ts';
import type { KubeConfigFailure } from './kube-config.ts';

/** A JSON object whose fields nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Named entries; paths inside them are absolute already. */
export interface KubeConfigFile {
  readonly source: string;
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, Fields>;
  readonly contexts: ReadonlyMap<string, Fields>;
  readonly users: ReadonlyMap<string, Fields>;
}

/** True for JSON objects. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A non-empty text field, or undefined. */
export function textField(fields: Fields | undefined, name: string): string | undefined {
  const value = fields?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads YAML or JSON; JSON does not load the YAML parser. */
export async function parseKubeConfigFile(
  text: string,
  path: string,
): Promise<Result<KubeConfigFile, KubeConfigFailure>> {
  const body = await parseText(text);
  if (!isFields(body)) return err({ reason: 'malformed', message: `${path} is not a kubeconfig` });
  const base = dirname(resolve(path));
  return ok({
    source: path,
    currentContext: textField(body, 'current-context'),
    clusters: readEntries(body['clusters'], 'cluster', base),
    contexts: readEntries(body['contexts'], 'context', base),
    users: readEntries(body['users'], 'user', base),
  });
}

async function parseText(text: string): Promise<unknown> {
  try {
    if (text.trimStart().startsWith('{')) return JSON.parse(text);
    const { parse } = await import('yaml');
    return parse(text);
  } catch {
    return undefined;
  }
}

function readEntries(list: unknown, field: string, base: string): Map<string, Fields> {
  const entries = new Map<string, Fields>();
  for (const entry of Array.isArray(list) ? list : []) {
    if (!isFields(entry)) continue;
    const name = textField(entry, 'name');
    const value = entry[field];
    if (name !== undefined && !entries.has(name)) {
      entries.set(name, absolutePaths(isFields(value) ? value : {}, base));
    }
  }
  return entries;
}

const PATH_FIELDS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** Paths are relative to the file that names them. */
function absolutePaths(fields: Fields, base: string): Fields {
  const paths = PATH_FIELDS.flatMap((name) => {
    const path = textField(fields, name);
    return path === undefined ? [] : [[name, resolve(base, path)] as const];
  });
  const command = execCommand(fields, base);
  return { ...fields, ...Object.fromEntries(paths), ...command };
}

/** A plugin named with a slash is relative to the file; a bare name is looked up on the PATH. */
function execCommand(fields: Fields, base: string): Fields {
  const exec = fields['exec'];
  const command = isFields(exec) ? textField(exec, 'command') : undefined;
  if (!isFields(exec) || command === undefined || !command.includes('/')) return {};
  return { exec: { ...exec, command: resolve(base, command) } };
}

/** As kubectl merges KUBECONFIG's list: the first file that says a thing wins. */
export function mergeKubeConfigFiles(files: readonly KubeConfigFile[]): KubeConfigFile {
  const merge = (pick: (file: KubeConfigFile) => ReadonlyMap<string, Fields>): Map<string, Fields> =>
    new Map(files.toReversed().flatMap((file) => [...pick(file)]));
  return {
    source: files.map(({ source }) => source).join(', '),
    currentContext: files.find(({ currentContext }) => currentContext !== undefined)?.currentContext,
    clusters: merge((file) => file.clusters),
    contexts: merge((file) => file.contexts),
    users: merge((file) => file.users),
  };
}
