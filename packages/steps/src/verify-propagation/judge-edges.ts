/** Decides for each required edge whether the session crossed it; pure. */
import type { Edge, PropagationVerdict } from '@tekton-dag/model';
import type { Evidence, Hop } from '../traffic/evidence.ts';

type EdgeVerdict = PropagationVerdict['edges'][number];

export interface EdgeInput {
  readonly session: string;
  readonly headerName: string;
  readonly baggageKey: string;
  readonly entries: readonly string[];
  /** Callers before callees. */
  readonly edges: readonly Edge[];
  /** Of all traces together. */
  readonly evidence: Evidence;
  /** Requests without session that the callee's Service got while the traces ran, where known. */
  readonly untaggedRequests: ReadonlyMap<string, number>;
}

const carriedBy = ({ header, baggage }: Hop, { headerName, baggageKey }: EdgeInput): string => {
  if (header && baggage) return `with ${headerName} and baggage ${baggageKey}`;
  return header ? `with ${headerName}` : `with baggage ${baggageKey}`;
};

const explainDrop = (edge: Edge, input: EdgeInput): string => {
  const { evidence, session, headerName, baggageKey } = input;
  const lost = `${edge.caller} called without ${headerName} and without baggage ${baggageKey}`;
  const other = evidence.hops.find((hop) => hop.service === edge.callee && hop.session !== session);
  if (other !== undefined) return `${edge.callee} got the request with session ${other.session ?? 'none'}`;
  const untagged = evidence.untagged.some(
    (hop) => hop.service === edge.callee && (hop.caller === edge.caller || hop.caller === null),
  );
  if (untagged) return `${edge.callee} got the request without the session: ${lost}`;
  const strays = input.untaggedRequests.get(edge.callee) ?? 0;
  const hint =
    strays > 0 ? `, but ${strays} request(s) of no session: perhaps ${lost}` : ': did it call at all?';
  return `${edge.callee} saw no request of this trace from ${edge.caller}${hint}`;
};

/** Hops that say who called count for that edge; a hop that does not say counts for one edge that has none. */
const assignHops = ({ edges, evidence, session }: EdgeInput): Map<Edge, Hop> => {
  const ours = evidence.hops.filter((hop) => hop.session === session);
  const assigned = new Map<Edge, Hop>();
  for (const edge of edges) {
    const hop = ours.find(({ service, caller }) => service === edge.callee && caller === edge.caller);
    if (hop !== undefined) assigned.set(edge, hop);
  }
  const nameless = ours.filter(({ caller }) => caller === null);
  for (const edge of edges) {
    if (assigned.has(edge)) continue;
    const index = nameless.findIndex(({ service }) => service === edge.callee);
    const hop = nameless[index];
    if (hop === undefined) continue;
    nameless.splice(index, 1);
    assigned.set(edge, hop);
  }
  return assigned;
};

/**
 * One verdict per edge. An edge whose caller never got the session is not to blame: its detail names what came
 * before. A nameless hop at an entry is our own request.
 */
export const judgeEdges = (input: EdgeInput): EdgeVerdict[] => {
  const assigned = assignHops(input);
  const reached = new Set(input.entries);
  return input.edges.map((edge) => {
    const hop = assigned.get(edge);
    if (hop !== undefined) {
      reached.add(edge.callee);
      return { ...edge, verdict: 'passed', detail: `session came ${carriedBy(hop, input)}` };
    }
    const detail = reached.has(edge.caller)
      ? explainDrop(edge, input)
      : `not judged: the session did not reach ${edge.caller}`;
    return { ...edge, verdict: 'failed', detail };
  });
};

/** The edges that dropped the session, without those that only suffered from it. */
export const guiltyEdges = (verdicts: readonly EdgeVerdict[]): EdgeVerdict[] =>
  verdicts.filter(({ verdict, detail }) => verdict === 'failed' && !detail.startsWith('not judged'));
