/** Reads a request path as the Kubernetes API spells it: /api/v1/..., /apis/<group>/<version>/.... */

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  /** Undefined in paths over all namespaces and of cluster-scoped kinds. */
  readonly namespace?: string;
  readonly resource: string;
  /** Empty for collections. */
  readonly name: string;
  readonly subresource?: string;
}

const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

const splitGroup = (
  segments: readonly string[],
): { group: string; version: string; rest: readonly string[] } | undefined => {
  const [root, first, second, ...more] = segments;
  if (root === 'api' && first !== undefined) {
    return { group: '', version: first, rest: segments.slice(2) };
  }
  if (root === 'apis' && first !== undefined && second !== undefined)
    return { group: first, version: second, rest: more };
  return undefined;
};

const isNamespaced = ([first, , third]: readonly string[]): boolean =>
  first === 'namespaces' && third !== undefined && !NAMESPACE_SUBRESOURCES.has(third);

const safeDecode = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

const split = (path: string): readonly string[] | undefined => {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(safeDecode);
  const known = segments.filter((segment) => segment !== undefined);
  return known.length === segments.length ? known : undefined;
};

/** The resource that a path names; undefined for every other path (discovery, health, unknown). */
export const resolvePath = (path: string): ResourcePath | undefined => {
  const found = splitGroup(split(path) ?? []);
  if (found === undefined || found.rest.length === 0) return undefined;
  const { group, version, rest } = found;
  const [namespace, own] = isNamespaced(rest) ? [rest[1], rest.slice(2)] : [undefined, rest];
  const [resource, name = '', subresource, ...more] = own;
  if (resource === undefined || more.length > 0) return undefined;
  return {
    group,
    version,
    resource,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(subresource === undefined ? {} : { subresource }),
  };
};
