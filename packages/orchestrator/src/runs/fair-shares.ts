/** fairShares: how many of the slots each team may claim; weighted max-min fairness (Bertsekas and Gallager, 6.5.2). */

export interface Demand {
  readonly team: string;
  /** Slots that the team could use. */
  readonly wanted: number;
  readonly weight: number;
}

/**
 * Slots by team, with fractions. Nobody gets more than wanted; what the modest leave is shared among the others by
 * weight. The sum is `slots`, or what all want together where that is less.
 */
export function fairShares(demands: readonly Demand[], slots: number): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  let left = slots;
  let weight = demands.reduce((sum, demand) => sum + demand.weight, 0);
  // Who wants the least per weight is satisfied first.
  for (const demand of demands.toSorted((a, b) => a.wanted / a.weight - b.wanted / b.weight)) {
    const share = Math.min(demand.wanted, (left * demand.weight) / weight);
    shares.set(demand.team, share);
    left -= share;
    weight -= demand.weight;
  }
  return shares;
}
