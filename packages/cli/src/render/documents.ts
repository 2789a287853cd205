/** renderDocuments: objects as one YAML text that `kubectl apply -f -` reads. */

import { renderData } from './objects.ts';

export async function renderDocuments(objects: readonly unknown[]): Promise<string> {
  const documents = await Promise.all(objects.map((object) => renderData(object, 'yaml')));
  return documents.join('---\n');
}
