import { describe, expect, it } from 'vitest';
import type { Manifest } from '../catalog/manifest.ts';
import { planNamespace, type NamespaceRequest, type PlannedObject } from './plan-namespace.ts';

const APPS = { 'app.kubernetes.io/component': 'apps-namespace' };
const role: Manifest = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'tekton-dag-deployer', labels: APPS },
  rules: [{ apiGroups: [''], resources: ['services'], verbs: ['get'] }],
};
const binding: Manifest = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'tekton-dag-deployer', labels: APPS },
  roleRef: { kind: 'Role', name: 'tekton-dag-deployer' },
  subjects: [{ kind: 'ServiceAccount', name: 'tekton-dag-pipeline' }],
};
const task: Manifest = { apiVersion: 'tekton.dev/v1', kind: 'Task', metadata: { name: 'prepare' } };

const request: NamespaceRequest = {
  namespace: 'ci',
  appsNamespaces: ['staging'],
  podSecurity: 'baseline',
  appsPodSecurity: 'restricted',
  catalog: [role, binding, task],
  secrets: { 'github-token': { token: 's3cret' } },
  buildCacheSize: '1Gi',
};

const named = ({ manifest }: PlannedObject): string =>
  `${manifest.metadata.namespace ?? ''}/${manifest.kind}/${manifest.metadata.name}`;

describe('planNamespace', () => {
  it('makes namespaces first, then what is in them, and the rights where the apps are', () => {
    expect(planNamespace(request)?.map(named)).toEqual([
      '/Namespace/ci',
      '/Namespace/staging',
      'ci/Secret/github-token',
      'ci/PersistentVolumeClaim/build-cache',
      'ci/Role/tekton-dag-deployer',
      'ci/RoleBinding/tekton-dag-deployer',
      'ci/Task/prepare',
      'staging/Role/tekton-dag-deployer',
      'staging/RoleBinding/tekton-dag-deployer-ci',
    ]);
  });

  it('leaves namespaces and claims that are there as they are, and nothing else', () => {
    const kept = planNamespace(request)?.filter(({ keepPresent }) => keepPresent);
    expect(kept?.map(({ manifest }) => manifest.kind)).toEqual([
      'Namespace',
      'Namespace',
      'PersistentVolumeClaim',
    ]);
  });

  it('binds the account of the runs where the apps are, with the rules of the catalog', () => {
    const planned = planNamespace(request)?.map(({ manifest }) => manifest) ?? [];
    const ofApps = planned.filter(({ metadata }) => metadata.namespace === 'staging');
    expect(ofApps[0]).toMatchObject({ rules: role['rules'] });
    expect(ofApps[1]).toMatchObject({ subjects: [{ name: 'tekton-dag-pipeline', namespace: 'ci' }] });
  });

  it('labels each new namespace with its Pod Security Standard', () => {
    const levels = planNamespace(request)
      ?.slice(0, 2)
      .map(({ manifest }) => manifest.metadata.labels?.['pod-security.kubernetes.io/enforce']);
    expect(levels).toEqual(['baseline', 'restricted']);
  });

  it('needs nothing more where the apps live with the runs', () => {
    const planned = planNamespace({ ...request, appsNamespaces: ['ci'] });
    expect(planned?.every(({ manifest }) => manifest.metadata.namespace !== 'staging')).toBe(true);
  });

  it('makes no plan of a catalog without the role', () => {
    expect(planNamespace({ ...request, catalog: [task] })).toBeUndefined();
  });
});
