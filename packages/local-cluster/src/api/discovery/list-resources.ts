/** Discovery: which groups, versions and resources there are (legacy and aggregated form). */

import type { ResourceDefinition } from '../../contracts/resource-definition.ts';
import { REVIEWS } from '../access/review-access.ts';
import { apiVersionOf } from '../http/api-request.ts';

const READ_WRITE = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];

interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly group?: string;
  readonly version?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ApiResource[];
}

const subresourceOf = (
  definition: ResourceDefinition,
  subresource: 'status' | 'scale' | 'log',
): ApiResource => ({
  name: `${definition.resource}/${subresource}`,
  singularName: '',
  namespaced: definition.namespaced,
  kind: subresource === 'scale' ? 'Scale' : definition.kind,
  verbs: subresource === 'log' ? ['get'] : SUBRESOURCE_VERBS,
  ...(subresource === 'scale' ? { group: 'autoscaling', version: 'v1' } : {}),
});

const tokenResource: ApiResource = {
  name: 'serviceaccounts/token',
  singularName: '',
  namespaced: true,
  kind: 'TokenRequest',
  verbs: ['create'],
  group: 'authentication.k8s.io',
  version: 'v1',
};

const resourcesOf = (definition: ResourceDefinition): ApiResource[] => [
  {
    name: definition.resource,
    singularName: definition.singular,
    namespaced: definition.namespaced,
    kind: definition.kind,
    verbs: READ_WRITE,
    ...(definition.shortNames === undefined ? {} : { shortNames: definition.shortNames }),
    ...(definition.categories === undefined ? {} : { categories: definition.categories }),
  },
  ...(definition.subresources ?? []).map((subresource) => subresourceOf(definition, subresource)),
  ...(definition.group === '' && definition.resource === 'serviceaccounts' ? [tokenResource] : []),
];

const reviewResources = (): { group: string; version: string; resource: ApiResource }[] =>
  [...REVIEWS].map(([name, { group, kind }]) => ({
    group,
    version: 'v1',
    resource: {
      name,
      singularName: kind.toLowerCase(),
      namespaced: name.startsWith('local'),
      kind,
      verbs: ['create'],
    },
  }));

/** Every group and version with its resources; the core group first, then by name. */
export const groupVersions = (definitions: readonly ResourceDefinition[]): readonly GroupVersion[] => {
  const own = definitions.flatMap((definition) =>
    resourcesOf(definition).map((resource) => ({
      group: definition.group,
      version: definition.version,
      resource,
    })),
  );
  const byId = Map.groupBy([...own, ...reviewResources()], ({ group, version }) => `${group}/${version}`);
  return [...byId.values()]
    .map((entries) => ({
      group: entries[0]?.group ?? '',
      version: entries[0]?.version ?? '',
      resources: entries.map(({ resource }) => resource),
    }))
    .sort((a, b) => (a.group < b.group ? -1 : 1));
};

/** GET /api: the versions of the core group. */
export const renderCoreVersions = (serverAddress: string): Record<string, unknown> => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
});

const renderGroup = (group: string, versions: readonly GroupVersion[]): Record<string, unknown> => {
  const listed = versions.map(({ version }) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: listed, preferredVersion: listed[0] };
};

/** GET /apis: the named groups. */
export const renderGroupList = (all: readonly GroupVersion[]): Record<string, unknown> => {
  const named = Map.groupBy(
    all.filter(({ group }) => group !== ''),
    ({ group }) => group,
  );
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...named].map(([group, versions]) => renderGroup(group, versions)),
  };
};

/** GET /apis/<group>; undefined when there is no such group. */
export const renderOneGroup = (
  all: readonly GroupVersion[],
  group: string,
): Record<string, unknown> | undefined => {
  const versions = all.filter((each) => each.group === group);
  return versions.length === 0
    ? undefined
    : { kind: 'APIGroup', apiVersion: 'v1', ...renderGroup(group, versions) };
};

/** GET /api/v1 or /apis/<group>/<version>; undefined when there is none. */
export const renderResourceList = (
  all: readonly GroupVersion[],
  wanted: { readonly group: string; readonly version: string },
): Record<string, unknown> | undefined => {
  const found = all.find(({ group, version }) => group === wanted.group && version === wanted.version);
  if (found === undefined) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(found),
    resources: found.resources,
  };
};

const aggregatedResource = (
  resource: ApiResource,
  all: readonly ApiResource[],
  { group, version }: GroupVersion,
) => ({
  resource: resource.name,
  responseKind: { group, version, kind: resource.kind },
  scope: resource.namespaced ? 'Namespaced' : 'Cluster',
  singularResource: resource.singularName,
  verbs: resource.verbs,
  ...(resource.shortNames === undefined ? {} : { shortNames: resource.shortNames }),
  ...(resource.categories === undefined ? {} : { categories: resource.categories }),
  subresources: all
    .filter(({ name }) => name.startsWith(`${resource.name}/`))
    .map((subresource) => ({
      subresource: subresource.name.slice(resource.name.length + 1),
      responseKind: {
        group: subresource.group ?? group,
        version: subresource.version ?? version,
        kind: subresource.kind,
      },
      verbs: subresource.verbs,
    })),
});

const aggregatedVersion = (groupVersion: GroupVersion) => ({
  version: groupVersion.version,
  freshness: 'Current',
  resources: groupVersion.resources
    .filter(({ name }) => !name.includes('/'))
    .map((resource) => aggregatedResource(resource, groupVersion.resources, groupVersion)),
});

/** Aggregated discovery (apidiscovery.k8s.io/v2): everything below /api or /apis in one answer. */
export const renderAggregated = (
  all: readonly GroupVersion[],
  root: 'api' | 'apis',
): Record<string, unknown> => {
  const wanted = all.filter(({ group }) => (group === '') === (root === 'api'));
  const byGroup = Map.groupBy(wanted, ({ group }) => group);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: [...byGroup].map(([name, versions]) => ({
      metadata: { name, creationTimestamp: null },
      versions: versions.map(aggregatedVersion),
    })),
  };
};
