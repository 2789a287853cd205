/** listObjects: everything that is in a namespace, whatever its kind. */

import { runOrThrow } from './run-on-cluster.ts';

/** Kinds that tell of others, or that Kubernetes makes for others. */
const DERIVED = new Set([
  'events',
  'events.events.k8s.io',
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'replicasets.apps',
  'pods',
  'controllerrevisions.apps',
]);

/** `kind.group/name` of each, sorted, without what every namespace has. */
export async function listObjects(kubeconfig: string, namespace: string): Promise<readonly string[]> {
  const listable = ['api-resources', '--namespaced', '--verbs=list', '--output=name'];
  const resources = (await runOrThrow(kubeconfig, 'kubectl', ...listable)).split('\n');
  const kinds = resources.filter((name) => name !== '' && !DERIVED.has(name)).join(',');
  const get = ['get', kinds, '--namespace', namespace, '--output=name', '--ignore-not-found'];
  const names = (await runOrThrow(kubeconfig, 'kubectl', ...get)).split('\n');
  const ofEvery = new Set(['configmap/kube-root-ca.crt', 'serviceaccount/default', '']);
  return names.filter((name) => !ofEvery.has(name)).sort();
}
