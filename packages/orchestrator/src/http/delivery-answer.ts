/** presentDelivery: a delivery as a caller may see it: nothing of teams that are not its own. */

import type { Delivery } from '@tekton-dag/store';
import { z } from 'zod';
import { mayEverywhere, mayIn, type Caller } from '../auth/caller.ts';
import { readDecision } from '../deliveries/accept-delivery.ts';
import type { DecidedTarget, Decision, RunTarget } from '../deliveries/decision.ts';
import {
  deliveryOutcomeSchema,
  parseDeliveryOutcome,
  type DeliveryOutcome,
} from '../deliveries/delivery-outcome.ts';
import { presentTime } from './run-answer.ts';

const target = z.object({
  team: z.string(),
  stack: z.string(),
  apps: z.array(z.string()),
  run: z.string().nullable().describe('The run that it leads to, unless something stands against it.'),
});

export const deliveryAnswer = z
  .object({
    host: z.string(),
    id: z.string(),
    forge: z.string(),
    event: z.string(),
    action: z.string(),
    repository: z.string(),
    subject: z.string(),
    state: z.enum(['pending', 'claimed', 'done', 'failed', 'ignored']),
    reason: z.string().nullable().describe('Why it makes no run, or cannot be carried out.'),
    attempts: z.int(),
    received: z.string(),
    finished: z.string().nullable(),
    gap_filled: z.boolean().describe('It never arrived: it was fetched from the forge later.'),
    replayable: z.boolean(),
    traceparent: z.string().nullable(),
    decision: z.object({
      kind: z.enum(['ignored', 'test', 'release', 'close', 'command']),
      detail: z.string().nullable(),
      sha: z.string().nullable(),
      targets: z.array(target),
    }),
    outcome: deliveryOutcomeSchema.nullable().describe('What came of it; null before it is carried out.'),
  })
  .meta({ id: 'Delivery' });

export function presentDelivery(delivery: Delivery, caller: Caller): z.output<typeof deliveryAnswer> {
  const decision = readDecision(delivery);
  return {
    host: delivery.host,
    id: delivery.id,
    forge: delivery.forge,
    event: delivery.event,
    action: delivery.action,
    repository: delivery.repository,
    subject: delivery.subject,
    state: delivery.state,
    attempts: delivery.attempts,
    reason: presentReason(delivery, decision, caller),
    received: new Date(delivery.receivedAtMs).toISOString(),
    finished: presentTime(delivery.finishedAtMs),
    gap_filled: delivery.gapFilled,
    replayable: delivery.hasPayload,
    traceparent: delivery.traceparent === '' ? null : delivery.traceparent,
    decision: presentDecision(decision, caller),
    outcome: presentOutcome(parseDeliveryOutcome(delivery.outcome), delivery, caller),
  };
}

/** True when nothing of the delivery is another team's; one that is no team's is seen by those who see all. */
export function seesAllOf({ teams }: Pick<Delivery, 'teams'>, caller: Caller): boolean {
  if (mayEverywhere(caller, 'viewer')) return true;
  return teams.length > 0 && teams.every((team) => mayIn(caller, team, 'viewer'));
}

/** A reason of ours is a word; what a cluster said may name what is another team's. */
function presentReason(delivery: Delivery, decision: Decision, caller: Caller): string | null {
  if (delivery.reason === undefined) return null;
  return decision.kind === 'ignored' || seesAllOf(delivery, caller) ? delivery.reason : null;
}

function presentDecision(decision: Decision, caller: Caller): z.output<typeof deliveryAnswer>['decision'] {
  const targets: readonly (DecidedTarget | RunTarget)[] = decision.targets ?? [];
  const seen = targets.filter(({ team }) => mayIn(caller, team, 'viewer'));
  return {
    kind: decision.kind,
    detail: decision.kind === 'ignored' ? decision.detail : null,
    sha: 'sha' in decision ? decision.sha : null,
    targets: seen.map((found) => ({
      team: found.team,
      stack: found.stack,
      apps: [...found.apps],
      run: 'runName' in found ? found.runName : null,
    })),
  };
}

function presentOutcome(
  outcome: DeliveryOutcome | undefined,
  delivery: Delivery,
  caller: Caller,
): DeliveryOutcome | null {
  if (outcome === undefined) return null;
  if (seesAllOf(delivery, caller)) return outcome;
  if (outcome.kind !== 'runs') return null;
  const isSeen = ({ team }: { readonly team: string }): boolean => mayIn(caller, team, 'viewer');
  return {
    ...outcome,
    runs: outcome.runs.filter(isSeen),
    skipped: outcome.skipped.filter(isSeen),
    notes: [],
  };
}
