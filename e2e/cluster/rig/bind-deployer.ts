/** bindDeployer: lets the pipelines and the orchestrator of one namespace work in another, where apps live. */

import type { KubeClient } from '@tekton-dag/kube';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const RBAC = 'rbac.authorization.k8s.io';
const FIELD_MANAGER = 'tekton-dag-test';
const KINDS = {
  ServiceAccount: { group: '', version: 'v1', plural: 'serviceaccounts' },
  Role: { group: RBAC, version: 'v1', plural: 'roles' },
  RoleBinding: { group: RBAC, version: 'v1', plural: 'rolebindings' },
} as const;

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.enum(['ServiceAccount', 'Role', 'RoleBinding']),
  metadata: z.looseObject({ name: z.string() }),
});
type RightsObject = z.infer<typeof objectSchema>;

export interface Deployer {
  readonly checkout: string;
  readonly namespace: string;
  readonly appsNamespace: string;
}

/** Accounts of the runs to the roles that they get where apps live. */
const ROLES = {
  'tekton-dag-pipeline': 'tekton-dag-deployer',
  'tekton-dag-orchestrator': 'tekton-dag-session-cleaner',
} as const;

function renderBinding(account: string, role: string, namespace: string): RightsObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: `${role}-${namespace}` },
    roleRef: { apiGroup: RBAC, kind: 'Role', name: role },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  };
}

/** What the comment in pipeline/rbac-apps.yaml tells to do by hand. */
export async function bindDeployer(
  client: KubeClient,
  { checkout, namespace, appsNamespace }: Deployer,
): Promise<void> {
  const text = await readFile(join(checkout, 'pipeline', 'rbac-apps.yaml'), 'utf8');
  const objects = parseAllDocuments(text).map((document) => objectSchema.parse(document.toJS()));
  const bindings = Object.entries(ROLES).map(([account, role]) => renderBinding(account, role, namespace));
  for (const object of [...objects, ...bindings]) {
    const coordinates = { ...KINDS[object.kind], kind: object.kind, namespaced: true };
    await client.resource(coordinates, appsNamespace).apply(object, { fieldManager: FIELD_MANAGER });
  }
}
