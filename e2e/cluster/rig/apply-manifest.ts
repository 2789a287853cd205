/** applyManifest: `kubectl apply -n NAMESPACE -f FILE`. */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

export async function applyManifest(client: KubeClient, namespace: string, file: string): Promise<void> {
  for (const document of parseAllDocuments(await readFile(file, 'utf8'))) {
    const object = objectSchema.parse(document.toJS());
    const known = Object.values(kinds).find(({ kind }) => kind === object.kind);
    const [group = '', version = ''] = object.apiVersion.includes('/')
      ? object.apiVersion.split('/')
      : ['', object.apiVersion];
    const plural = known?.plural ?? `${object.kind.toLowerCase()}s`;
    const coordinates = { group, version, plural, kind: object.kind, namespaced: true };
    await client.resource(coordinates, namespace).apply(object, { fieldManager: 'tekton-dag-test' });
  }
}
