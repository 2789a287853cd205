/** TapRig: a cluster rig whose pull requests are intercepted by a stand-in for mirrord or Telepresence. */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import { LABEL } from '@tekton-dag/model';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { applyManifest } from '../rig/apply-manifest.ts';
import { createClusterRig, type ClusterRig } from '../rig/cluster-rig.ts';
import { publishStandIns } from './publish-stand-ins.ts';

const checkout = resolve(import.meta.dirname, '../../..');
const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true } as const;
const roles = { ...RBAC, plural: 'roles', kind: 'Role' };
const roleBindings = { ...RBAC, plural: 'rolebindings', kind: 'RoleBinding' };

export type TapBackend = 'mirrord' | 'telepresence';

export interface TapRig extends ClusterRig {
  /** Arguments of `run create` for a pull request of app `middle`. */
  pullRequest(number: number, sha: string): readonly string[];
  /** `Kind/name` of all that a run made for its intercepts and that is still there. */
  leftovers(run: string): Promise<readonly string[]>;
}

async function bind(
  client: KubeClient,
  namespace: string,
  {
    role,
    accounts,
  }: { role: string; accounts: readonly { readonly namespace: string; readonly name: string }[] },
): Promise<void> {
  await client.resource(roleBindings, namespace).create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: `test-${role}` },
    roleRef: { apiGroup: RBAC.group, kind: 'Role', name: role },
    subjects: accounts.map((account) => ({ kind: 'ServiceAccount', ...account })),
  });
}

/** What the stand-ins do by the API, the tools do in the network of pods. */
async function allowStandIns(client: KubeClient, namespace: string): Promise<void> {
  const rules = [
    { apiGroups: [''], resources: ['services'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] },
    { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create'] },
  ];
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'stand-in' },
    rules,
  };
  await client.resource(roles, namespace).create(role);
  const accounts = ['default', 'tekton-dag-intercept'].map((name) => ({ namespace, name }));
  await bind(client, namespace, { role: 'stand-in', accounts });
}

const COLLECTIONS = ['pods', 'jobs', 'configmaps', 'leases', 'deployments', 'services'] as const;

async function findLeftovers(client: KubeClient, namespace: string, run: string): Promise<readonly string[]> {
  const labelSelector = `${LABEL.run}=${run},${LABEL.session}`;
  const found = await Promise.all(
    COLLECTIONS.map(async (collection) => {
      const { group, version, plural, kind, namespaced } = kinds[collection];
      const { items } = await client
        .resource({ group, version, plural, kind, namespaced }, namespace)
        .list({ labelSelector });
      return items.map(({ metadata }) => `${kind}/${metadata?.name ?? ''}`);
    }),
  );
  return found.flat();
}

/** Stack `shop`: front -> middle -> back. `middle` is what pull requests change. */
export async function createTapRig(backend: TapBackend): Promise<TapRig> {
  await using cleanups = new AsyncDisposableStack();
  const rig = cleanups.use(await createClusterRig({ team: { interceptBackend: backend } }));
  const { client, namespace, appsNamespace, settings } = rig;
  const image = await publishStandIns(settings.image);
  await applyManifest(client, appsNamespace, join(checkout, `pipeline/optional/intercept-${backend}.yaml`));
  const accounts = [{ namespace, name: 'tekton-dag-pipeline' }];
  await bind(client, appsNamespace, { role: 'tekton-dag-intercept-deployer', accounts });
  await allowStandIns(client, appsNamespace);
  const params = [
    `${backend}-image=${image}`,
    ...(backend === 'mirrord' ? [`mirrord-agent-image=${image}`] : []),
  ];
  const extra = params.flatMap((param) => ['--param', param]);
  const kept = cleanups.move();
  return {
    ...rig,
    pullRequest: (number, sha) => [
      ...`--app middle --repository acme/middle --pr ${number} --sha ${sha}`.split(' '),
      ...extra,
    ],
    leftovers: (run) => findLeftovers(client, appsNamespace, run),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const planSchema = z.looseObject({ session: z.string() });

/** The session of a run, from its record. */
export async function sessionOf({ client, namespace }: ClusterRig, run: string): Promise<string> {
  const record = await client.resource(kinds.configmaps, namespace).get(run);
  return planSchema.parse(JSON.parse(record?.data?.['plan.json'] ?? '{}')).session;
}
