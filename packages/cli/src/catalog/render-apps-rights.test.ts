import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifestSchema, type Manifest } from './manifest.ts';
import { renderAppsRights } from './render-apps-rights.ts';

const FILE = join(import.meta.dirname, '../../../../pipeline/rbac-apps.yaml');
const catalog = parseAllDocuments(readFileSync(FILE, 'utf8')).map((document) =>
  manifestSchema.parse(document.toJS()),
);
const rendered = renderAppsRights(catalog, { namespace: 'staging', runsNamespace: 'ci' });
const find = (kind: string, name: string): Manifest | undefined =>
  rendered.find((object) => object.kind === kind && object.metadata.name === name);

describe('renderAppsRights', () => {
  it('puts every object of pipeline/rbac-apps.yaml into the namespace of the apps, with its rules', () => {
    expect(rendered).toHaveLength(catalog.length);
    expect(new Set(rendered.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['staging']));
    const role = catalog.find(({ metadata }) => metadata.name === 'tekton-dag-deployer');
    expect(find('Role', 'tekton-dag-deployer')?.['rules']).toEqual(role?.['rules']);
  });

  it('binds accounts of the runs under a name of their own, and those of the apps as they are', () => {
    const subjects = [{ kind: 'ServiceAccount', name: 'tekton-dag-pipeline', namespace: 'ci' }];
    expect(find('RoleBinding', 'tekton-dag-deployer-ci')).toMatchObject({ subjects });
    expect(find('RoleBinding', 'tekton-dag-deployer')).toBeUndefined();
    const router = [{ kind: 'ServiceAccount', name: 'tekton-dag-router' }];
    expect(find('RoleBinding', 'tekton-dag-router')?.['subjects']).toEqual(router);
  });

  it('leaves the rest of the catalog alone', () => {
    const task: Manifest = { apiVersion: 'tekton.dev/v1', kind: 'Task', metadata: { name: 'prepare' } };
    expect(renderAppsRights([task], { namespace: 'staging', runsNamespace: 'ci' })).toEqual([]);
  });
});
