/** createNeverEndingPipeline: runs that start no pod. One waits for a task that nobody carries out, the others for it. */

import { kinds, type KubeClient } from '@tekton-dag/kube';

/** Takes the place of the catalog's stack-pr-test, which must not be there. */
export async function createNeverEndingPipeline(client: KubeClient, namespace: string): Promise<void> {
  const wait = { name: 'wait', taskRef: { apiVersion: 'test.example.com/v1', kind: 'Wait' } };
  await client.resource(kinds.pipelines, namespace).create({
    apiVersion: 'tekton.dev/v1',
    kind: 'Pipeline',
    metadata: { name: 'stack-pr-test', namespace },
    spec: { tasks: [wait] },
  });
}
