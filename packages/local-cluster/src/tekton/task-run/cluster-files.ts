/** What ConfigMaps and Secrets hold, read from the cluster for volumes and env. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ObjectStore } from '../../contracts/object-store.ts';
import { isRecord } from '../substitution/substitute.ts';

/** Key to content; undefined when there is no such object. */
export type Entries = ReadonlyMap<string, Buffer>;

export interface ClusterFiles {
  configMap(name: string): Entries | undefined;
  secret(name: string): Entries | undefined;
}

/** Reads of one namespace. */
export function clusterFilesOf(store: ObjectStore, namespace: string): ClusterFiles {
  const read = (resource: string, name: string): KubeObject | undefined =>
    store.get({ group: '', resource, namespace, name });
  return {
    configMap: (name) => {
      const object = read('configmaps', name);
      return (
        object && new Map([...textsOf(object['data'], 'utf8'), ...textsOf(object['binaryData'], 'base64')])
      );
    },
    secret: (name) => {
      const object = read('secrets', name);
      return (
        object && new Map([...textsOf(object['data'], 'base64'), ...textsOf(object['stringData'], 'utf8')])
      );
    },
  };
}

function textsOf(data: unknown, encoding: 'utf8' | 'base64'): [string, Buffer][] {
  if (!isRecord(data)) return [];
  return Object.entries(data).map(([key, text]) => [key, Buffer.from(String(text), encoding)]);
}
