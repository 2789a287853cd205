/**
 * ArgoRig: Argo CD of the cluster under test, set up by `kubectl apply -k argocd` over a platform repository of the
 * test's own. One at a time, since they share one Argo CD. What it made, and what it told Argo CD, goes with it.
 */

import { kinds, type KubeClient, type Secret } from '@tekton-dag/kube';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readClusterSettings, type ClusterSettings } from '../../cluster/rig/cluster-settings.ts';
import { API_TOKEN, WEBHOOK_SECRET } from '../../cluster/rig/helm-release.ts';
import { runOrThrow } from '../../cluster/rig/run-on-cluster.ts';
import { createArgoWaits, type ArgoWaits } from './argo-waits.ts';
import { askToRefresh } from './ask-to-refresh.ts';
import { leaveArgo, noteArgoSettings } from './leave-argo.ts';
import { openClient } from './open-client.ts';
import {
  createPlatformRepository,
  type FileChanges,
  type PlatformRepository,
} from './platform-repository.ts';

export interface ArgoRig extends AsyncDisposable, ArgoWaits {
  readonly settings: ClusterSettings;
  readonly client: KubeClient;
  readonly platform: PlatformRepository;
  /** A name for a team that no other rig uses; its namespaces begin with it and go with the rig. */
  nameTeam(word: string): string;
  /** Commits changes and tells Argo CD, as a forge's webhook does. Returns the commit. */
  push(changes: FileChanges): Promise<string>;
  /** Asks Argo CD to look again at all applications; `hard` forgets what it rendered. */
  refresh(type?: 'normal' | 'hard'): Promise<void>;
  /** Makes a namespace and its Secrets as a platform engineer does. */
  createSecrets(namespace: string): Promise<void>;
  /** `kubectl`; throws when it fails. */
  kubectl(...args: readonly string[]): Promise<string>;
}

export interface ArgoRigOptions {
  /** A component that argocd/kustomization.yaml switches on, such as removal/keep. */
  readonly component?: string;
}

async function createSecrets(client: KubeClient, namespace: string): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await client.resource(kinds.namespaces).apply(object, { fieldManager: 'platform-engineer' });
  const all = { 'tekton-dag-webhook': { secret: WEBHOOK_SECRET }, 'tekton-dag-api': { token: API_TOKEN } };
  for (const [name, stringData] of Object.entries(all)) {
    await client
      .resource<Secret>(kinds.secrets, namespace)
      .create({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData });
  }
}

async function setUp(
  rig: Pick<ArgoRig, 'kubectl' | 'platform'>,
  { component }: ArgoRigOptions,
): Promise<void> {
  const directory = join(rig.platform.directory, 'argocd');
  if (component !== undefined) await rig.platform.switchOn(component);
  await rig.kubectl('apply', '-k', directory);
}

/** Sets Argo CD up. The platform repository has no team yet. */
export async function createArgoRig(options: ArgoRigOptions = {}): Promise<ArgoRig> {
  await using cleanups = new AsyncDisposableStack();
  const settings = await readClusterSettings(process.env);
  const client = await openClient(settings.kubeconfig);
  cleanups.defer(() => client.close());
  const platform = cleanups.use(await createPlatformRepository(settings.hostAddress));
  const suffix = randomBytes(3).toString('hex');
  const noted = await noteArgoSettings(client);
  cleanups.defer(() => leaveArgo(client, suffix, noted));
  const kubectl: ArgoRig['kubectl'] = (...args) => runOrThrow(settings.kubeconfig, 'kubectl', ...args);
  await setUp({ kubectl, platform }, options);
  const kept = cleanups.move();
  return {
    settings,
    client,
    platform,
    kubectl,
    ...createArgoWaits(client),
    nameTeam: (word) => `${word}-${suffix}`,
    async push(changes) {
      const revision = await platform.push(changes);
      await askToRefresh(client);
      return revision;
    },
    refresh: (type) => askToRefresh(client, type),
    createSecrets: (namespace) => createSecrets(client, namespace),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
