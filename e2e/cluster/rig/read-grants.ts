/** Grants: what a file of the catalog, or a release of the chart, lets its service accounts do; one line for each right. */

import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { AuditEvent } from './read-audit-log.ts';

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
const roleSchema = z.looseObject({
  kind: z.literal('Role'),
  metadata: z.looseObject({ name: z.string() }),
  rules: z.array(
    z.strictObject({
      apiGroups: z.array(z.string()),
      resources: z.array(z.string()),
      resourceNames: z.array(z.string()).default([]),
      verbs: z.array(z.string()),
    }),
  ),
});
const bindingSchema = z.looseObject({
  kind: z.literal('RoleBinding'),
  roleRef: z.looseObject({ name: z.string() }),
  subjects: z.array(z.looseObject({ name: z.string() })),
});

/** `account verb group/resource` and, where the right is for one object, its name. */
export type Grant = string;

interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name?: string | undefined;
}

const nameGrant = (account: string, { verb, group, resource, name }: Right): Grant =>
  [
    account,
    verb,
    `${group === '' ? '' : `${group}/`}${resource}`,
    ...(name === undefined ? [] : [name]),
  ].join(' ');

export async function readGrants(file: string): Promise<Grant[]> {
  return parseGrants(await readFile(file, 'utf8'));
}

/** Objects of every kind, as YAML; `namespace`: only what counts there. */
export function parseGrants(text: string, namespace?: string): Grant[] {
  const documents: unknown[] = parseAllDocuments(text).map((document) => document.toJS());
  const objects = documents
    .filter((document) => document !== null)
    .map((document) => objectSchema.parse(document))
    .filter(({ metadata }) => metadata.namespace === namespace);
  const bindings = objects
    .filter(({ kind }) => kind === 'RoleBinding')
    .map((one) => bindingSchema.parse(one));
  const roles = objects.filter(({ kind }) => kind === 'Role').map((one) => roleSchema.parse(one));
  return bindings.flatMap(({ roleRef, subjects }) => {
    const rights = roles.filter(({ metadata }) => metadata.name === roleRef.name).flatMap(rightsOf);
    return subjects.flatMap(({ name }) => rights.map((right) => nameGrant(name, right)));
  });
}

function rightsOf({ rules }: z.output<typeof roleSchema>): Right[] {
  return rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) => {
    const names = resourceNames.length === 0 ? [undefined] : resourceNames;
    return apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) => names.map((name) => ({ verb, group, resource, name }))),
      ),
    );
  });
}

/** The right that a call needed; of the same call for one object, with the name of it as well. */
export function grantsUsedBy(account: string, { verb, objectRef, responseStatus }: AuditEvent): Grant[] {
  if (objectRef === undefined) return [];
  const { apiGroup: group, resource, subresource, name } = objectRef;
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  // Server-side apply of what was not there is authorized as create, too (Kubernetes: Server-Side Apply).
  const verbs = verb === 'patch' && responseStatus?.code === 201 ? [verb, 'create'] : [verb];
  return verbs.flatMap((one) => [
    nameGrant(account, { verb: one, group, resource: path }),
    ...(name === '' ? [] : [nameGrant(account, { verb: one, group, resource: path, name })]),
  ]);
}
