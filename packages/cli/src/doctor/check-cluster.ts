/** checkCluster: whether the cluster answers and has what runs need. */

import type { KubeClient } from '@tekton-dag/kube';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { openCluster, type Cluster, type ClusterOptions } from '../open-cluster.ts';
import { messageOf } from './attempt.ts';
import { checkAccounts, findMissingNamespace } from './check-accounts.ts';
import { checkCatalog } from './check-catalog.ts';
import { checkGateway } from './check-gateway.ts';
import { checkPermissions } from './check-permissions.ts';
import { checkTekton } from './check-tekton.ts';
import type { Check } from './check.ts';

export interface ClusterCheckOptions extends ClusterOptions {
  /** Where Tekton's controller runs; default tekton-pipelines. */
  readonly tektonNamespace?: string;
  /** Namespaces that runs deploy into. */
  readonly appsNamespace?: readonly string[];
}

/** Stops at the first thing without which the rest cannot be known. */
export async function checkCluster(host: CliHost, options: ClusterCheckOptions): Promise<Check[]> {
  try {
    await using cluster = await openCluster(host, options);
    const config: Check = {
      name: 'kubeconfig',
      state: 'ok',
      detail: `${cluster.contextName} of ${cluster.source}`,
    };
    const api = await checkApi(cluster.client);
    if (api.state !== 'ok') return [config, api];
    return [config, api, ...(await checkContents(cluster, options, isLocal(api)))];
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

/** Our own cluster runs Tekton's objects itself: it has no controller whose version and flags could be wrong. */
function isLocal({ detail }: Check): boolean {
  return detail.endsWith('+tekton-dag');
}

async function checkContents(
  { client, namespace }: Cluster,
  { tektonNamespace = 'tekton-pipelines', appsNamespace = [] }: ClusterCheckOptions,
  local: boolean,
): Promise<Check[]> {
  const base = [...(local ? [] : await checkTekton(client, tektonNamespace)), await checkGateway(client)];
  const noNamespace = await findMissingNamespace(client, namespace);
  if (noNamespace !== undefined) return [...base, noNamespace];
  const [permissions, catalog, accounts] = await Promise.all([
    checkPermissions(client, namespace),
    checkCatalog(client, namespace),
    checkAccounts(client, namespace, appsNamespace),
  ]);
  return [...base, permissions, catalog, ...accounts];
}
