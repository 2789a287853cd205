/**
 * createConfigMapFiles: team files and stack files that ConfigMaps hold: keys that end in `.team.yaml`, and keys
 * `<name>.stack.yaml` for `stacks/<name>.yaml`. Stack files that no ConfigMap has are read from the disk.
 */

import type { ConfigMap, Reflector } from '@tekton-dag/kube';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlatformFiles } from './platform-files.ts';

export interface ConfigMapFilesOptions {
  readonly configMaps: Pick<Reflector<ConfigMap>, 'hasSynced' | 'items'>;
  readonly platformDir: string;
}

/** Before the path of a key, to tell it from a path on the disk. */
const SCHEME = 'configmap:';
const TEAM_KEY = /\.team\.yaml$/;
const STACK_KEY = /\/([^/]+)\.stack\.yaml$/;
const STACK_ENDING = /\.ya?ml$/;

export function isInConfigMap(path: string): boolean {
  return path.startsWith(SCHEME);
}

interface Index {
  readonly texts: ReadonlyMap<string, string>;
  /** Stack file as teams name it, without its ending, to the path of its key. */
  readonly stacks: ReadonlyMap<string, string>;
}

/** Where two ConfigMaps have the same stack, that of the first name counts. One listing sees one state of all of them. */
export function createConfigMapFiles({ configMaps, platformDir }: ConfigMapFilesOptions): PlatformFiles {
  let index: Index = { texts: new Map(), stacks: new Map() };
  return {
    listTeams: async () => {
      if (!configMaps.hasSynced) throw new Error('the ConfigMaps have not been listed yet');
      index = buildIndex(configMaps.items());
      return { paths: [...index.texts.keys()].filter((path) => TEAM_KEY.test(path)) };
    },
    pathOfStack: (stackFile) =>
      index.stacks.get(stackFile.replace(STACK_ENDING, '')) ?? join(platformDir, stackFile),
    stampOf: async () => undefined,
    readText: async (path) => index.texts.get(path) ?? readFile(path, 'utf8'),
  };
}

function buildIndex(configMaps: readonly ConfigMap[]): Index {
  const entries = configMaps.toSorted(byName).flatMap(entriesOf);
  const stacks = new Map<string, string>();
  for (const [path] of entries) {
    const name = STACK_KEY.exec(path)?.[1];
    if (name !== undefined && !stacks.has(`stacks/${name}`)) stacks.set(`stacks/${name}`, path);
  }
  return { texts: new Map(entries), stacks };
}

function entriesOf({
  metadata = {},
  data = {},
}: ConfigMap): readonly (readonly [path: string, text: string])[] {
  const place = `${SCHEME}${metadata.namespace}/${metadata.name}`;
  return Object.keys(data)
    .sort()
    .map((key) => [`${place}/${key}`, data[key] ?? ''] as const);
}

function byName(a: ConfigMap, b: ConfigMap): number {
  const [left = '', right = ''] = [a.metadata?.name, b.metadata?.name];
  return left < right ? -1 : Number(left > right);
}
