/** summarizeAudit: what the accounts of the catalog asked of the API server, compared with what they may. Pure. */

import type { AuditEvent } from './read-audit-log.ts';
import { grantsUsedBy, type Grant } from './read-grants.ts';

/** A namespace, and the rights that count there. */
export interface RightsPlace {
  readonly namespace: string;
  readonly granted: readonly Grant[];
}

export interface AuditSummary {
  readonly accounts: ReadonlySet<string>;
  /** Calls that were answered 401 or 403. */
  readonly refused: readonly string[];
  /** Calls for other namespaces or for the cluster. */
  readonly outside: readonly string[];
  readonly unused: readonly string[];
  /** Calls that only a right for another namespace allows. */
  readonly beyond: readonly string[];
  /** Containers that Pod Security noted in its audit annotation. */
  readonly unrestricted: ReadonlySet<string>;
}

const accountOf = ({ user }: AuditEvent): string => user.username.split(':').at(-1) ?? '';
const callOf = (event: AuditEvent): string => `${accountOf(event)} ${event.verb} ${event.requestURI}`;

export function summarizeAudit(events: readonly AuditEvent[], places: readonly RightsPlace[]): AuditSummary {
  const own = events.filter(({ user }) =>
    places.some(({ namespace }) =>
      user.username.startsWith(`system:serviceaccount:${namespace}:tekton-dag-`),
    ),
  );
  const inside = new Set(places.map(({ namespace }) => namespace));
  return {
    accounts: new Set(own.map(accountOf)),
    refused: own.filter(({ responseStatus }) => [401, 403].includes(responseStatus?.code ?? 0)).map(callOf),
    outside: own
      .filter(({ objectRef }) => objectRef !== undefined && !inside.has(objectRef.namespace))
      .map(callOf),
    unused: places.flatMap((place) => unusedIn(place, own)),
    beyond: [...new Set(places.flatMap((place) => callsBeyond(place, own)))],
    unrestricted: new Set(events.flatMap(containersRefused)),
  };
}

const usesIn = ({ namespace }: RightsPlace, own: readonly AuditEvent[]): Grant[][] =>
  own
    .filter(({ objectRef }) => objectRef?.namespace === namespace)
    .map((event) => grantsUsedBy(accountOf(event), event));

function unusedIn(place: RightsPlace, own: readonly AuditEvent[]): string[] {
  const used = new Set(usesIn(place, own).flat());
  return place.granted.filter((grant) => !used.has(grant)).map((grant) => `${place.namespace}: ${grant}`);
}

function callsBeyond(place: RightsPlace, own: readonly AuditEvent[]): string[] {
  const granted = new Set(place.granted);
  const foreign = usesIn(place, own).filter((grants) => !grants.some((grant) => granted.has(grant)));
  return foreign.map(([grant = '']) => `${place.namespace}: ${grant}`);
}

/** `... (container "a" must set ...)`, `... (containers "a", "b" must not set ...)`. */
function containersRefused({ annotations }: AuditEvent): string[] {
  const text = annotations['pod-security.kubernetes.io/audit-violations'] ?? '';
  return [...text.matchAll(/containers? ((?:"[^"]+"(?:, )?)+)/g)].flatMap(([, names = '']) =>
    [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
  );
}
