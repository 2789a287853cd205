/** namespaceBootstrap: everything that runs need in a namespace and in the namespaces of their apps, made or brought up to date. */

import { isRefusal, kinds, type KubeClient } from '@tekton-dag/kube';
import { isReservedNamespace, wordsOfRule } from '@tekton-dag/model';
import { applyManifest, resourceOf } from '../catalog/apply-manifest.ts';
import { labelOf, type Manifest } from '../catalog/manifest.ts';
import { readNotedCatalog } from '../catalog/read-noted-catalog.ts';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import {
  DEPLOYER_ROLE,
  planNamespace,
  type PlannedObject,
  type PodSecurityLevel,
} from '../namespace/plan-namespace.ts';
import { readSecrets, type SecretFiles } from '../namespace/read-secrets.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { renderDocuments } from '../render/documents.ts';

export interface NamespaceBootstrapOptions extends ClusterOptions, SecretFiles {
  readonly appsNamespace: readonly string[];
  readonly podSecurity: PodSecurityLevel;
  readonly appsPodSecurity: PodSecurityLevel;
  readonly buildCache: string;
  readonly storageClass?: string;
  readonly checkout?: string;
  readonly dryRun?: boolean;
}

/** Prints a line for each object. With `--dry-run` prints the objects instead, secrets masked. */
export async function namespaceBootstrap(
  host: CliHost,
  namespace: string,
  options: NamespaceBootstrapOptions,
): Promise<number> {
  refuseReserved([namespace, ...options.appsNamespace]);
  const planned = await plan(host, namespace, options);
  if (options.dryRun === true) {
    host.stdout.write(await renderDocuments(planned.map(({ manifest }) => masked(manifest))));
    return EXIT.ok;
  }
  await using cluster = await openCluster(host, { ...options, namespace });
  for (const object of planned) {
    const change = await make(cluster.client, object, namespace);
    host.stdout.write(`${placeOf(object.manifest)} ${change}\n`);
  }
  await warnOfRestricted(host, cluster.client, namespace);
  return EXIT.ok;
}

/** In the words of `team validate`. */
function refuseReserved(namespaces: readonly string[]): void {
  const namespace = namespaces.find(isReservedNamespace);
  if (namespace === undefined) return;
  const { message, hint } = wordsOfRule('reservedNamespace', { namespace });
  throw new CliFailure(EXIT.invalidInput, message, hint);
}

async function plan(
  host: CliHost,
  namespace: string,
  options: NamespaceBootstrapOptions,
): Promise<PlannedObject[]> {
  const planned = planNamespace({
    namespace,
    appsNamespaces: options.appsNamespace,
    podSecurity: options.podSecurity,
    appsPodSecurity: options.appsPodSecurity,
    catalog: await readNotedCatalog(host, options.checkout),
    secrets: await readSecrets(host, options),
    buildCacheSize: options.buildCache,
    storageClass: options.storageClass,
  });
  if (planned !== undefined) return planned;
  throw new CliFailure(EXIT.invalidInput, `the checkout's catalog lacks the role ${DEPLOYER_ROLE}`);
}

async function make(
  client: KubeClient,
  { manifest, keepPresent }: PlannedObject,
  namespace: string,
): Promise<string> {
  const resource = resourceOf(client, manifest, namespace);
  if (!keepPresent) return await applyManifest(client, manifest, namespace);
  if ((await resource.get(manifest.metadata.name)) !== undefined) return 'kept';
  try {
    await resource.create(manifest);
    return 'created';
  } catch (error) {
    if (isRefusal(error, 'AlreadyExists')) return 'kept';
    throw error;
  }
}

function placeOf(manifest: Manifest): string {
  const { namespace } = manifest.metadata;
  return namespace === undefined ? labelOf(manifest) : `${labelOf(manifest)} in ${namespace}`;
}

function masked(manifest: Manifest): Manifest {
  const { data } = manifest;
  if (manifest.kind !== 'Secret' || typeof data !== 'object' || data === null) return manifest;
  return { ...manifest, data: Object.fromEntries(Object.keys(data).map((key) => [key, '(secret)'])) };
}

/** A namespace that was there keeps its labels; the builder needs one capability that `restricted` does not let it have. */
async function warnOfRestricted(host: CliHost, client: KubeClient, name: string): Promise<void> {
  const namespace = await client.resource(kinds.namespaces).get(name);
  if (namespace?.metadata?.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted') return;
  host.stderr.write(
    `warning: namespace ${name} enforces the Pod Security Standard restricted; builder pods need baseline\n`,
  );
}
