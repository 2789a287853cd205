/** renderAppsRights: the catalog's objects for namespaces of apps, as another namespace than the runs' gets them. Pure. */

import { z } from 'zod';
import type { Manifest } from './manifest.ts';

/** What pipeline/rbac-apps.yaml puts on each of its objects. */
const COMPONENT = { label: 'app.kubernetes.io/component', value: 'apps-namespace' } as const;

export interface AppsPlace {
  /** Of the apps. */
  readonly namespace: string;
  /** Where the accounts live that act there. */
  readonly runsNamespace: string;
}

const subjectsSchema = z.array(z.looseObject({ kind: z.literal('ServiceAccount'), name: z.string() }));

/** Accounts, roles and bindings, in the order of the catalog. */
export function renderAppsRights(catalog: readonly Manifest[], place: AppsPlace): Manifest[] {
  const objects = catalog.filter(({ metadata }) => metadata.labels?.[COMPONENT.label] === COMPONENT.value);
  const accounts = new Set(
    objects.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name),
  );
  return objects.map((object) =>
    object.kind === 'RoleBinding'
      ? renderBinding(object, accounts, place)
      : inNamespace(object, place.namespace),
  );
}

const inNamespace = (manifest: Manifest, namespace: string): Manifest => ({
  ...manifest,
  metadata: { ...manifest.metadata, namespace },
});

/** A binding of accounts of the runs is named after their namespace: several may deploy into one namespace of apps. */
function renderBinding(binding: Manifest, accounts: ReadonlySet<string>, place: AppsPlace): Manifest {
  const subjects = subjectsSchema.parse(binding['subjects']);
  const placed = inNamespace(binding, place.namespace);
  if (subjects.every(({ name }) => accounts.has(name))) return placed;
  const name = `${binding.metadata.name}-${place.runsNamespace}`;
  return {
    ...placed,
    metadata: { ...placed.metadata, name },
    subjects: subjects.map((subject) => ({ ...subject, namespace: place.runsNamespace })),
  };
}
