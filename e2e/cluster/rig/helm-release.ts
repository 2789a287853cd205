/** HelmRelease: the chart of this checkout under a name in a namespace, handled with the real helm. */

import { kinds, type Node, type Pod, type Secret, type Service } from '@tekton-dag/kube';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ProgramOutcome } from '../../chart/rig/run-program.ts';
import { createOrchestratorClient, type OrchestratorClient } from '../../rig/orchestrator-client.ts';
import type { ClusterRig } from './cluster-rig.ts';
import { runOrThrow, runOnCluster } from './run-on-cluster.ts';

const CHART = resolve(import.meta.dirname, '../../../helm/tekton-dag');
const REACHABLE_TIMEOUT_MS = 180_000;
const REACHABLE_POLL_MS = 100;
const WAIT = ['--wait', '--timeout', '300s'];
export const WEBHOOK_SECRET = 'a webhook secret of the tests';
export const API_TOKEN = 'an-api-token-of-the-tests';

export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  /** Label selector of the service's pods and of what is around them. */
  readonly selector: string;
  /** `helm upgrade --install`, with later values winning; waits until all is ready. What helm prints. */
  apply(...values: readonly object[]): Promise<string>;
  /** The same without waiting, and without throwing. */
  tryApply(...values: readonly object[]): Promise<ProgramOutcome>;
  /** `helm <command> <release> <args>`, in its namespace; a command may be two words. */
  helm(command: string, ...args: readonly string[]): Promise<ProgramOutcome>;
  rollback(): Promise<void>;
  uninstall(): Promise<void>;
  /** Without those that are ending. */
  pods(): Promise<readonly Pod[]>;
  /** `http://node:port` of its Service, when it answers there. */
  url(): Promise<string>;
  connect(): Promise<OrchestratorClient>;
}

/** A name of a release; nothing is installed yet. */
export function createHelmRelease(rig: ClusterRig, name: string, namespace = rig.namespace): HelmRelease {
  const { kubeconfig } = rig.settings;
  const selector = `app.kubernetes.io/instance=${name},app.kubernetes.io/component=orchestrator`;
  const place = ['--namespace', namespace];
  const upgrade = async (values: readonly object[], ...args: readonly string[]): Promise<ProgramOutcome> =>
    await withValueFiles(values, (files) =>
      runOnCluster({ kubeconfig }, 'helm', 'upgrade', '--install', name, CHART, ...place, ...files, ...args),
    );
  const helm: HelmRelease['helm'] = (command, ...args) =>
    runOnCluster({ kubeconfig }, 'helm', ...command.split(' '), name, ...place, ...args);
  const orThrow = async (command: string, ...args: readonly string[]): Promise<void> => {
    await runOrThrow(kubeconfig, 'helm', command, name, ...place, ...args);
  };
  const url = (): Promise<string> => findUrl(rig, namespace, selector);
  return {
    name,
    namespace,
    selector,
    helm,
    async apply(...values) {
      const { code, stdout, stderr } = await upgrade(values, ...WAIT);
      if (code === 0) return stdout;
      throw new Error(`helm upgrade: ${stderr}${stdout}${await explainPods(rig, namespace, selector)}`);
    },
    tryApply: (...values) => upgrade(values),
    rollback: () => orThrow('rollback', ...WAIT),
    uninstall: () => orThrow('uninstall', ...WAIT),
    pods: async () => {
      const { items } = await rig.client
        .resource<Pod>(kinds.pods, namespace)
        .list({ labelSelector: selector });
      return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    },
    url,
    connect: async () =>
      createOrchestratorClient({ url: await url(), webhookSecret: WEBHOOK_SECRET, apiToken: API_TOKEN }),
  };
}

async function withValueFiles<T>(
  values: readonly object[],
  use: (args: readonly string[]) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-values-'));
  try {
    const files = values.map((_, index) => join(directory, `${index}.json`));
    await Promise.all(files.map((file, index) => writeFile(file, JSON.stringify(values[index]))));
    return await use(files.flatMap((file) => ['--values', file]));
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function findUrl({ client }: ClusterRig, namespace: string, labelSelector: string): Promise<string> {
  const services = await client.resource<Service>(kinds.services, namespace).list({ labelSelector });
  const ports = services.items.flatMap(({ spec }) => spec?.ports ?? []);
  const nodePort = ports.find(({ name }) => name === 'http')?.nodePort;
  const nodes = await client.resource<Node>(kinds.nodes).list();
  const addresses = nodes.items[0]?.status?.addresses ?? [];
  const address = addresses.find(({ type }) => type === 'InternalIP')?.address;
  if (nodePort === undefined || address === undefined) throw new Error('the Service has no port on a node');
  const url = `http://${address}:${nodePort}`;
  await waitUntilReachable(url);
  return url;
}

/** Nodes learn a little later than Deployments that a pod is ready. */
async function waitUntilReachable(url: string): Promise<void> {
  const deadline = Date.now() + REACHABLE_TIMEOUT_MS;
  for (;;) {
    try {
      if ((await fetch(`${url}/readyz`)).ok) return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error(`${url} is not ready`);
    await setTimeout(REACHABLE_POLL_MS);
  }
}

/** Why pods are not ready, for a message. */
async function explainPods(rig: ClusterRig, namespace: string, selector: string): Promise<string> {
  const { kubeconfig } = rig.settings;
  const about = ['--namespace', namespace, '--selector', selector];
  const described = await runOnCluster({ kubeconfig }, 'kubectl', 'describe', 'pods', ...about);
  const logs = await runOnCluster({ kubeconfig }, 'kubectl', 'logs', '--tail', '20', ...about);
  return `${described.stdout}${logs.stdout}${logs.stderr}`;
}

/** The Secrets that every release needs, under the names that the chart expects. */
export async function createReleaseSecrets(rig: ClusterRig, namespace = rig.namespace): Promise<void> {
  const secrets = rig.client.resource<Secret>(kinds.secrets, namespace);
  const all = { 'tekton-dag-webhook': { secret: WEBHOOK_SECRET }, 'tekton-dag-api': { token: API_TOKEN } };
  for (const [name, stringData] of Object.entries(all)) {
    await secrets.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData });
  }
}
