/** What the session of a pull request may leave where the apps live. */

import { kinds, type KubeClient, type KubeObject } from '@tekton-dag/kube';
import { LABEL } from '@tekton-dag/model';

/** Passes Pod Security `restricted`. */
export const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  runAsUser: 65_532,
  seccompProfile: { type: 'RuntimeDefault' },
};

export interface Leftovers {
  readonly namespace: string;
  readonly session: string;
}

/** A Deployment without pods, a Service and a route that bear the session. */
export async function plantLeftovers(
  client: KubeClient,
  { namespace, session, image }: Leftovers & { readonly image: string },
): Promise<void> {
  const labels = { [LABEL.managedBy]: 'tekton-dag', [LABEL.session]: session };
  const metadata = { name: 'left', namespace, labels };
  const containers = [{ name: 'left', image, securityContext: RESTRICTED }];
  const template = { metadata: { labels: { app: 'left' } }, spec: { containers } };
  const spec = { replicas: 0, selector: { matchLabels: { app: 'left' } }, template };
  await client
    .resource(kinds.deployments, namespace)
    .create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec });
  const service = { ports: [{ port: 80 }], selector: { app: 'left' } };
  await client
    .resource(kinds.services, namespace)
    .create({ apiVersion: 'v1', kind: 'Service', metadata, spec: service });
  const parentRefs = [{ group: '', kind: 'Service', name: 'left' }];
  const route = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata,
    spec: { parentRefs },
  };
  await client.resource<KubeObject>(kinds.httproutes, namespace).create(route);
}

/** Names of what the session of a pull request has where the apps live. */
export async function listLeftovers(
  client: KubeClient,
  { namespace, session }: Leftovers,
): Promise<string[]> {
  const lists = [kinds.httproutes, kinds.services, kinds.deployments].map(
    async (kind) =>
      (
        await client
          .resource<KubeObject>(kind, namespace)
          .list({ labelSelector: `${LABEL.session}=${session}` })
      ).items,
  );
  return (await Promise.all(lists)).flat().map(({ metadata }) => metadata?.name ?? '');
}
