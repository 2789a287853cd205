/** One request for a resource, read out of HTTP. */

import type { ResourceDefinition } from '../../contracts/resource-definition.ts';
import type { Identity } from '../access/authenticator.ts';
import type { ResourcePath } from './resolve-path.ts';

/** An HTTP request as every handler sees it. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: Buffer;
  readonly identity: Identity;
}

export interface ResourceRequest extends RawRequest {
  readonly target: ResourcePath;
  readonly definition: ResourceDefinition;
}

/** `apps/v1`, or `v1` in the core group. */
export const apiVersionOf = ({
  group,
  version,
}: {
  readonly group: string;
  readonly version: string;
}): string => (group === '' ? version : `${group}/${version}`);

/** Who writes: the fieldManager parameter, else the program's name from the User-Agent. */
export const fieldManagerOf = ({ query, userAgent }: RawRequest): string => {
  const asked = query.get('fieldManager') ?? '';
  if (asked !== '') return asked;
  const program = userAgent.split('/')[0] ?? '';
  return program === '' ? 'unknown' : program;
};

/** True for `dryRun=All`. */
export const isDryRun = ({ query }: RawRequest): boolean => query.get('dryRun') === 'All';

/** The key of the object that a request names. */
export const objectKeyOf = ({ definition, target }: ResourceRequest) => ({
  group: definition.group,
  resource: definition.resource,
  namespace: definition.namespaced ? (target.namespace ?? 'default') : '',
  name: target.name,
});
