/** docs/security.md says of every right of the catalog whose it is, and names no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..', '..', '..');

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  rules: z
    .array(
      z.strictObject({
        apiGroups: z.array(z.string()),
        resources: z.array(z.string()),
        resourceNames: z.array(z.string()).default([]),
        verbs: z.array(z.string()),
      }),
    )
    .default([]),
  roleRef: z.looseObject({ name: z.string() }).optional(),
  subjects: z.array(z.looseObject({ name: z.string() })).default([]),
});
type RightsObject = z.output<typeof objectSchema>;

const readObjects = (file: string): RightsObject[] =>
  parseAllDocuments(readFileSync(join(ROOT, 'pipeline', file), 'utf8')).map((document) =>
    objectSchema.parse(document.toJS()),
  );

/** `account | resource.group (name) | verbs`. */
function rowsOf(objects: readonly RightsObject[]): string[] {
  return objects.flatMap(({ roleRef, subjects }) => {
    const role = objects.find(({ kind, metadata }) => kind === 'Role' && metadata.name === roleRef?.name);
    const rights = (role?.rules ?? []).flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
      resources.map((resource) => {
        const name = [resource, ...apiGroups].filter((part) => part !== '').join('.');
        const only = resourceNames.length === 0 ? '' : ` (${resourceNames.join(', ')})`;
        return `${name}${only} | ${verbs.join(', ')}`;
      }),
    );
    return subjects.flatMap((subject) => rights.map((right) => `${subject.name} | ${right}`));
  });
}

function documentedRows(heading: string): string[] {
  const lines = readFileSync(join(ROOT, 'docs', 'security.md'), 'utf8').split('\n');
  const table = lines.slice(lines.indexOf(heading) + 4);
  return table.slice(0, table.indexOf('')).map((line) =>
    line
      .split('|')
      .slice(1, 4)
      .map((cell) => cell.trim())
      .join(' | '),
  );
}

describe('docs/security.md', () => {
  it.each([
    ['rbac.yaml', 'In the namespace of the runs:'],
    ['rbac-apps.yaml', 'In each namespace of apps:'],
  ])('has the rights of pipeline/%s', (file, heading) => {
    expect(documentedRows(heading).toSorted()).toEqual(rowsOf(readObjects(file)).toSorted());
  });
});
