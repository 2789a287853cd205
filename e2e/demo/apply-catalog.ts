/** `kubectl apply -f tasks/ -f pipeline/`, for machines that have no kubectl. */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const FIELD_MANAGER = 'tekton-dag-demo';

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().exactOptional() }),
});
type Manifest = z.infer<typeof manifestSchema>;

/** Makes the namespace and applies every object; returns how many. */
export async function applyCatalog(client: KubeClient, checkout: string, namespace: string): Promise<number> {
  await client
    .resource(kinds.namespaces)
    .apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { fieldManager: FIELD_MANAGER },
    );
  const files = await Promise.all(
    ['tasks', 'pipeline'].map(async (directory) =>
      (await readdir(join(checkout, directory)))
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => join(checkout, directory, file)),
    ),
  );
  const texts = await Promise.all(files.flat().map((file) => readFile(file, 'utf8')));
  const objects = texts
    .flatMap((text) => parseAllDocuments(text))
    .map((document) => manifestSchema.parse(document.toJS()));
  await Promise.all(objects.map((object) => applyObject(client, object, namespace)));
  return objects.length;
}

async function applyObject(client: KubeClient, object: Manifest, namespace: string): Promise<void> {
  const definition = Object.values(kinds).find(({ kind }) => kind === object.kind);
  const [group = '', version = ''] = object.apiVersion.includes('/')
    ? object.apiVersion.split('/')
    : ['', object.apiVersion];
  const plural = definition?.plural ?? `${object.kind.toLowerCase()}s`;
  const namespaced = !object.kind.startsWith('Cluster') && object.kind !== 'Namespace';
  const coordinates = { group, version, plural, kind: object.kind, namespaced };
  const resource = namespaced
    ? client.resource(coordinates, object.metadata.namespace ?? namespace)
    : client.resource(coordinates);
  await resource.apply(object, { fieldManager: FIELD_MANAGER });
}
