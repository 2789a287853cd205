/** restrictDelivery: of a delivery that concerns several teams, the part that a caller may see. */

import type { Delivery } from '@tekton-dag/store';
import { mayEverywhere, mayIn, type Caller } from '../auth/caller.ts';
import { readDecision } from '../deliveries/accept-delivery.ts';
import type { Decision } from '../deliveries/decision.ts';
import { parseDeliveryOutcome, type DeliveryOutcome } from '../deliveries/delivery-outcome.ts';

/** One that is no team's is seen whole by those who see all teams. */
export function restrictDelivery(delivery: Delivery, caller: Caller): Delivery {
  const isSeen = ({ team }: { readonly team: string }): boolean => mayIn(caller, team, 'viewer');
  const whole = mayEverywhere(caller, 'viewer') || delivery.teams.every((team) => isSeen({ team }));
  if (whole) return delivery;
  const decision = readDecision(delivery);
  const outcome = restrictOutcome(parseDeliveryOutcome(delivery.outcome), isSeen);
  return {
    ...delivery,
    teams: delivery.teams.filter((team) => isSeen({ team })),
    decision: JSON.stringify(restrictDecision(decision, isSeen)),
    outcome: outcome === undefined ? undefined : JSON.stringify(outcome),
    // A reason of ours is a word; what a cluster said may name what is another team's.
    reason: decision.kind === 'ignored' ? delivery.reason : undefined,
  };
}

type IsSeen = (target: { readonly team: string }) => boolean;

function restrictDecision(decision: Decision, isSeen: IsSeen): object {
  return { ...decision, targets: [...(decision.targets ?? [])].filter(isSeen) };
}

/** What was answered to commands, and notes, may speak of all teams. */
function restrictOutcome(outcome: DeliveryOutcome | undefined, isSeen: IsSeen): DeliveryOutcome | undefined {
  if (outcome?.kind !== 'runs') return outcome?.kind === 'commands' ? undefined : outcome;
  return {
    ...outcome,
    runs: outcome.runs.filter(isSeen),
    skipped: outcome.skipped.filter(isSeen),
    notes: [],
  };
}
