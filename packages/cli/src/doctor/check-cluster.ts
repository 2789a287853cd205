/** checkCluster: whether the cluster answers and has what runs need. */

import { kinds, KubeError, KubeUnreachableError, type KubeClient } from '@tekton-dag/kube';
import { PIPELINE_OF_MODE } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { openCluster, type Cluster, type ClusterOptions } from '../open-cluster.ts';
import type { Check } from './check.ts';

/** Stops at the first thing without which the rest cannot be known. */
export async function checkCluster(host: CliHost, options: ClusterOptions): Promise<Check[]> {
  try {
    await using cluster = await openCluster(host, options);
    const config: Check = {
      name: 'kubeconfig',
      state: 'ok',
      detail: `${cluster.contextName} of ${cluster.source}`,
    };
    const api = await checkApi(cluster.client);
    if (api.state !== 'ok') return [config, api];
    return [config, api, ...(await checkContents(cluster))];
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return [{ name: 'kubeconfig', state: 'missing', detail: error.message, hint: error.hint }];
  }
}

async function checkApi(client: KubeClient): Promise<Check> {
  try {
    const version: { gitVersion?: string } = JSON.parse(await client.getText('/version'));
    return { name: 'cluster', state: 'ok', detail: `${client.server} ${version.gitVersion ?? ''}`.trim() };
  } catch (error) {
    return {
      name: 'cluster',
      state: 'missing',
      detail: messageOf(error),
      hint: 'is it running? is the context right?',
    };
  }
}

function checkContents({ client, namespace }: Cluster): Promise<Check[]> {
  const pipelines = client.resource(kinds.pipelines, namespace);
  const found = async (name: string): Promise<string> => {
    if ((await pipelines.get(name)) === undefined)
      throw new KubeUnreachableError(`not in namespace ${namespace}`);
    return `in namespace ${namespace}`;
  };
  const install = 'apply the catalog: kubectl apply -f tasks/ -f pipeline/';
  return Promise.all([
    attempt('tekton', 'install Tekton Pipelines', async () => {
      await client.resource(kinds.pipelineruns, namespace).list({ limit: 1 });
      return 'tekton.dev/v1 is served';
    }),
    attempt('gateway-api', 'install the Gateway API CRDs', async () => {
      await client.resource(kinds.httproutes, namespace).list({ limit: 1 });
      return 'gateway.networking.k8s.io/v1 is served';
    }),
    ...Object.values(PIPELINE_OF_MODE).map((name) => attempt(`pipeline ${name}`, install, () => found(name))),
  ]);
}

async function attempt(name: string, hint: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, state: 'ok', detail: await look() };
  } catch (error) {
    return { name, state: 'missing', detail: messageOf(error), hint };
  }
}

function messageOf(error: unknown): string {
  if (error instanceof KubeError) return `${error.reason}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
