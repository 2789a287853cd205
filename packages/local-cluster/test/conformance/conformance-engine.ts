/** A cluster with Tekton, and a namespace of it that the corpus has to itself. */

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { requestWith, streamWith, type TestCluster } from '../cluster-fixture.ts';
import type { Substitutions } from './read-case.ts';

export interface ConformanceEngine extends AsyncDisposable {
  readonly words: Substitutions;
  readonly request: TestCluster['request'];
  readonly stream: TestCluster['stream'];
}

export interface EngineSettings extends Omit<Substitutions, 'namespace'> {
  readonly kubeconfig: string;
  /** How the namespace's name begins. */
  readonly namespacePrefix: string;
}

const namesSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
});

/** Makes the namespace; disposing removes it. */
export async function openEngine(settings: EngineSettings): Promise<ConformanceEngine> {
  const request = requestWith(settings.kubeconfig);
  const stream = streamWith(settings.kubeconfig);
  const namespace = `${settings.namespacePrefix}${randomBytes(4).toString('hex')}`;
  const made = await request('/api/v1/namespaces', {
    method: 'POST',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  });
  if (made.status !== 201) throw new Error(`no namespace: ${JSON.stringify(made.body)}`);
  const engine: ConformanceEngine = {
    words: { ...settings, namespace },
    request,
    stream,
    async [Symbol.asyncDispose]() {
      await request(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' });
    },
  };
  await awaitServiceAccount(engine);
  return engine;
}

/** A cluster makes the account `default` a moment after its namespace; pods need it. */
async function awaitServiceAccount({ request, stream, words }: ConformanceEngine): Promise<void> {
  const path = `/api/v1/namespaces/${words.namespace}/serviceaccounts`;
  const { items, metadata } = namesSchema.parse((await request(path)).body);
  if (items.some((item) => item.metadata.name === 'default')) return;
  const stop = new AbortController();
  const query = `watch=1&resourceVersion=${metadata.resourceVersion}`;
  for await (const { object } of stream(`${path}?${query}`, stop.signal)) {
    if (object.metadata.name === 'default') break;
  }
  stop.abort();
}
