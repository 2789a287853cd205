/** planNamespace: every object that a namespace of runs needs, and what its apps' namespaces need. Pure. */

import { renderAppsRights } from '../catalog/render-apps-rights.ts';
import type { Manifest } from '../catalog/manifest.ts';
import { planSecret } from './plan-secret.ts';

/** Levels of the Pod Security Standards. */
export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

export interface NamespaceRequest {
  readonly namespace: string;
  /** Other namespaces that runs deploy into. */
  readonly appsNamespaces: readonly string[];
  readonly podSecurity: PodSecurityLevel;
  readonly appsPodSecurity: PodSecurityLevel;
  /** The objects of the checkout. */
  readonly catalog: readonly Manifest[];
  /** Secret name to its keys and their text. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** A Kubernetes quantity such as `5Gi`. */
  readonly buildCacheSize: string;
  readonly storageClass?: string | undefined;
}

export interface PlannedObject {
  readonly manifest: Manifest;
  /** True: what is there already is left alone. */
  readonly keepPresent: boolean;
}

/** The role whose rights a run needs where it deploys; its rules stand in pipeline/rbac-apps.yaml alone. */
export const DEPLOYER_ROLE = 'tekton-dag-deployer';
/** The claim that run create binds with --build-cache. */
const BUILD_CACHE_CLAIM = 'build-cache';

const LABELS = { 'app.kubernetes.io/part-of': 'tekton-dag' } as const;

/** In the order in which they are made. Undefined when the catalog lacks the deployer's role. */
export function planNamespace(request: NamespaceRequest): PlannedObject[] | undefined {
  const { namespace, catalog } = request;
  if (!catalog.some(({ kind, metadata }) => kind === 'Role' && metadata.name === DEPLOYER_ROLE))
    return undefined;
  const others = request.appsNamespaces.filter((name) => name !== namespace);
  return [
    kept(renderNamespace(namespace, request.podSecurity)),
    ...others.map((name) => kept(renderNamespace(name, request.appsPodSecurity))),
    ...Object.entries(request.secrets).map(([name, texts]) => made(planSecret(name, namespace, texts))),
    kept(renderClaim(request)),
    ...catalog.map((manifest) => made(inNamespace(manifest, namespace))),
    ...others.flatMap((name) =>
      renderAppsRights(catalog, { namespace: name, runsNamespace: namespace }).map(made),
    ),
  ];
}

const made = (manifest: Manifest): PlannedObject => ({ manifest, keepPresent: false });
const kept = (manifest: Manifest): PlannedObject => ({ manifest, keepPresent: true });

function inNamespace(manifest: Manifest, namespace: string): Manifest {
  if (manifest.kind === 'ClusterRole') return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, namespace } };
}

function renderNamespace(name: string, level: PodSecurityLevel): Manifest {
  const labels = { ...LABELS, 'pod-security.kubernetes.io/enforce': level };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

function renderClaim({ namespace, buildCacheSize, storageClass }: NamespaceRequest): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: BUILD_CACHE_CLAIM, namespace, labels: LABELS },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: buildCacheSize } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    },
  };
}
