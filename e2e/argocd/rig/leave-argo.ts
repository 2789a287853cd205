/** leaveArgo: Argo CD as it was before a rig: without the rig's applications and projects, with its own settings. */

import {
  kinds,
  type ConfigMap,
  type KubeClient,
  type KubeObject,
  type ResourceClient,
} from '@tekton-dag/kube';
import { applications, applicationSets, ARGOCD_NAMESPACE, projects } from './argo-application.ts';

const SETTINGS = 'argocd-cm';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Settings = Readonly<Record<string, string>>;

/** What argocd-cm says. */
export async function noteArgoSettings(client: KubeClient): Promise<Settings> {
  return (await client.resource<ConfigMap>(kinds.configmaps, ARGOCD_NAMESPACE).get(SETTINGS))?.data ?? {};
}

/**
 * Removes what bears the rig's suffix in its name. Nothing is asked of Argo CD any more: applications go without their
 * finalizers, and their objects with the namespaces.
 */
export async function leaveArgo(client: KubeClient, suffix: string, settings: Settings): Promise<void> {
  await client
    .resource(applicationSets, ARGOCD_NAMESPACE)
    .delete('tekton-dag-teams', { propagation: 'Orphan' });
  const found = client.resource(applications, ARGOCD_NAMESPACE);
  const all = await namesWith(found, suffix);
  for (const name of all.filter((one) => one.startsWith('team-'))) await drop(found, name);
  for (const name of all) await drop(found, name);
  const projectsFound = client.resource(projects, ARGOCD_NAMESPACE);
  for (const name of [...(await namesWith(projectsFound, suffix)), 'tekton-dag']) {
    await drop(projectsFound, name);
  }
  const namespaces = client.resource(kinds.namespaces);
  for (const name of await namesWith(namespaces, suffix)) await namespaces.delete(name);
  await restoreSettings(client, settings);
}

async function namesWith<T extends KubeObject>(
  resource: Pick<ResourceClient<T>, 'list'>,
  suffix: string,
): Promise<readonly string[]> {
  const { items } = await resource.list();
  return items.map(({ metadata }) => metadata?.name ?? '').filter((name) => name.includes(suffix));
}

async function drop<T extends KubeObject>(resource: ResourceClient<T>, name: string): Promise<void> {
  const body = { metadata: { finalizers: null } };
  await resource.patch(name, body, { type: 'merge' }).catch(() => undefined);
  await resource.delete(name);
}

async function restoreSettings(client: KubeClient, data: Settings): Promise<void> {
  const pointer = `/metadata/annotations/${LAST_APPLIED.replace('/', '~1')}`;
  await client.resource(kinds.configmaps, ARGOCD_NAMESPACE).patch(
    SETTINGS,
    [
      { op: 'replace', path: '/data', value: data },
      { op: 'remove', path: pointer },
    ],
    { type: 'json' },
  );
}
