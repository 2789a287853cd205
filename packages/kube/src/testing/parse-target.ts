/** parseTarget: which collection or object a path of the Kubernetes API names. */

/** `name` and `subresource` are absent for collections. */
export interface Target {
  readonly apiVersion: string;
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

const PATH =
  /^\/(?:api\/(?<core>[^/]+)|apis\/(?<group>[^/]+\/[^/]+))(?:\/namespaces\/(?<namespace>[^/]+)(?=\/[^/]+))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>[^/]+))?$/;

/** Undefined for paths that are not resources, such as /version. */
export function parseTarget(path: string): Target | undefined {
  const { core, group, namespace, plural, name, sub } = PATH.exec(path)?.groups ?? {};
  const apiVersion = core ?? group;
  if (apiVersion === undefined || plural === undefined) return undefined;
  const object = name === undefined ? undefined : decodeURIComponent(name);
  return { apiVersion, namespace, plural, name: object, subresource: sub };
}
