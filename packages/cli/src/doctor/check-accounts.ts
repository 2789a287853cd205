/** checkAccounts: whether a namespace lets runs work: its accounts, its Pod Security Standard, and rights where the apps are. */

import { isRefusal, kinds, type GenericObject, type KubeClient } from '@tekton-dag/kube';
import { PIPELINE_SERVICE_ACCOUNT } from '@tekton-dag/model';
import { definitionOf } from '../catalog/manifest.ts';
import { DEPLOYER_ROLE } from '../namespace/plan-namespace.ts';
import { attempt } from './attempt.ts';
import type { Check } from './check.ts';

const BUILD_SERVICE_ACCOUNT = 'tekton-dag-build';

/** Undefined when the namespace is there, or when it cannot be said. */
export async function findMissingNamespace(
  client: KubeClient,
  namespace: string,
): Promise<Check | undefined> {
  try {
    if ((await client.resource(kinds.namespaces).get(namespace)) !== undefined) return undefined;
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return undefined;
    throw error;
  }
  const hint = `make it with \`tekton-dag namespace bootstrap ${namespace}\`, or name another one with -n`;
  return { name: 'namespace', state: 'missing', detail: `there is no namespace ${namespace}`, hint };
}

/** One check for the accounts, one for the Pod Security Standard, one for each namespace of apps. */
export function checkAccounts(
  client: KubeClient,
  namespace: string,
  appsNamespaces: readonly string[],
): Promise<Check[]> {
  const hint = `make them with \`tekton-dag namespace bootstrap ${namespace}\``;
  return Promise.all([
    attempt({ name: 'service accounts', hint }, () => judgeAccounts(client, namespace, hint)),
    attempt({ name: 'pod security', hint }, () => judgePodSecurity(client, namespace)),
    ...appsNamespaces.map((apps) => checkDeployer(client, namespace, apps)),
  ]);
}

async function judgeAccounts(client: KubeClient, namespace: string, hint: string): Promise<Check> {
  const name = 'service accounts';
  const accounts = client.resource(kinds.serviceaccounts, namespace);
  const [pipeline, build] = await Promise.all([
    accounts.get(PIPELINE_SERVICE_ACCOUNT),
    accounts.get(BUILD_SERVICE_ACCOUNT),
  ]);
  const missing = [
    ...(pipeline === undefined ? [PIPELINE_SERVICE_ACCOUNT] : []),
    ...(build === undefined ? [BUILD_SERVICE_ACCOUNT] : []),
  ];
  if (missing.length > 0) {
    return { name, state: 'missing', detail: `no ${missing.join(', ')} in namespace ${namespace}`, hint };
  }
  if (build?.automountServiceAccountToken !== false) {
    const detail = `${BUILD_SERVICE_ACCOUNT} mounts its token, and it executes the code of pull requests`;
    return { name, state: 'missing', detail, hint };
  }
  return { name, state: 'ok', detail: `${PIPELINE_SERVICE_ACCOUNT}, ${BUILD_SERVICE_ACCOUNT}` };
}

async function judgePodSecurity(client: KubeClient, namespace: string): Promise<Check> {
  const name = 'pod security';
  const found = await client.resource(kinds.namespaces).get(namespace);
  const level = found?.metadata?.labels?.['pod-security.kubernetes.io/enforce'] ?? 'not enforced';
  if (level !== 'restricted') return { name, state: 'ok', detail: level };
  const flags = await client.resource(kinds.configmaps, 'tekton-pipelines').get('feature-flags');
  if (flags?.data?.['set-security-context'] === 'true') {
    return { name, state: 'ok', detail: 'restricted; apps whose Dockerfile has RUN need baseline' };
  }
  const detail = `namespace ${namespace} enforces restricted; Tekton's own containers and builder pods need baseline`;
  const hint = `kubectl label namespace ${namespace} pod-security.kubernetes.io/enforce=baseline --overwrite`;
  return { name, state: 'missing', detail, hint };
}

function checkDeployer(client: KubeClient, namespace: string, apps: string): Promise<Check> {
  const name = `deployer in ${apps}`;
  const hint = `make it with \`tekton-dag namespace bootstrap ${namespace} --apps-namespace ${apps}\``;
  const definition = definitionOf('RoleBinding');
  return attempt({ name, hint }, async () => {
    const bindings = definition === undefined ? [] : (await client.resource(definition, apps).list()).items;
    return bindings.some((binding) => bindsDeployer(binding, namespace, apps))
      ? { name, state: 'ok', detail: `${PIPELINE_SERVICE_ACCOUNT} of ${namespace} may deploy there` }
      : {
          name,
          state: 'missing',
          detail: `${PIPELINE_SERVICE_ACCOUNT} of ${namespace} may not deploy there`,
          hint,
        };
  });
}

function bindsDeployer({ roleRef, subjects }: GenericObject, namespace: string, apps: string): boolean {
  const isDeployer =
    typeof roleRef === 'object' &&
    roleRef !== null &&
    'name' in roleRef &&
    isDeployerRole(roleRef.name, namespace);
  return (
    isDeployer && Array.isArray(subjects) && subjects.some((subject) => isOurs(subject, namespace, apps))
  );
}

/** The catalog's name, or that of a release of the chart, which ends in the namespace of the runs where the apps have another. */
function isDeployerRole(name: unknown, namespace: string): boolean {
  if (typeof name !== 'string') return false;
  return (
    name === DEPLOYER_ROLE || name.endsWith('-apps-deployer') || name.endsWith(`-apps-deployer-${namespace}`)
  );
}

/** A subject without a namespace is one of the binding's own. */
function isOurs(subject: unknown, namespace: string, apps: string): boolean {
  if (typeof subject !== 'object' || subject === null) return false;
  const { name, namespace: home = apps } = { name: undefined, namespace: undefined, ...subject };
  return name === PIPELINE_SERVICE_ACCOUNT && home === namespace;
}
