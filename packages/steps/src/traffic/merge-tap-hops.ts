/** Joins what routers and taps saw of the same requests; pure. */
import type { Hop } from './evidence.ts';

const isSameRequest = (tapped: Hop, routed: Hop): boolean =>
  routed.service === tapped.service &&
  routed.namespace === tapped.namespace &&
  routed.session === tapped.session;

/**
 * A request that a tool steals behind the router has a hop at both: the router tells who called, the tap who answered.
 * A routed hop without a tapped one stays as it is: nobody stole it. Order is that of time.
 */
export const mergeTapHops = (routed: readonly Hop[], tapped: readonly Hop[]): Hop[] => {
  const merged = routed.toSorted((a, b) => a.timeUnixMs - b.timeUnixMs);
  const taken = new Set<number>();
  const direct: Hop[] = [];
  for (const hop of tapped.toSorted((a, b) => a.timeUnixMs - b.timeUnixMs)) {
    const index = merged.findIndex((other, at) => !taken.has(at) && isSameRequest(hop, other));
    const router = merged[index];
    if (router === undefined) {
      // The router's own member of the baggage names this service; a call past the router has its caller's.
      direct.push({ ...hop, caller: hop.caller === hop.service ? null : hop.caller });
      continue;
    }
    taken.add(index);
    merged[index] = { ...router, backend: hop.backend, pod: hop.pod, status: hop.status };
  }
  return [...merged, ...direct].sort((a, b) => a.timeUnixMs - b.timeUnixMs);
};
