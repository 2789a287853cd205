/** presentDelivery: a delivery as the API shows it. */

import type { Delivery } from '@tekton-dag/store';
import { z } from 'zod';
import { readDecision } from '../deliveries/accept-delivery.ts';
import type { DecidedTarget, Decision, RunTarget } from '../deliveries/decision.ts';
import { deliveryOutcomeSchema, parseDeliveryOutcome } from '../deliveries/delivery-outcome.ts';
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

/** Nothing is left out here: see restrictDelivery. */
export function presentDelivery(delivery: Delivery): z.output<typeof deliveryAnswer> {
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
    reason: reasonOf(delivery),
    received: new Date(delivery.receivedAtMs).toISOString(),
    finished: presentTime(delivery.finishedAtMs),
    gap_filled: delivery.gapFilled,
    replayable: delivery.hasPayload,
    traceparent: delivery.traceparent === '' ? null : delivery.traceparent,
    decision: presentDecision(readDecision(delivery)),
    outcome: parseDeliveryOutcome(delivery.outcome) ?? null,
  };
}

/** The word for why there is no run; else what stands against it now. */
function reasonOf(delivery: Delivery): string | null {
  const decision = readDecision(delivery);
  if (decision.kind === 'ignored') return decision.reason;
  const outcome = parseDeliveryOutcome(delivery.outcome);
  return outcome?.kind === 'skipped' ? outcome.reason : (delivery.reason ?? null);
}

function presentDecision(decision: Decision): z.output<typeof deliveryAnswer>['decision'] {
  const targets: readonly (DecidedTarget | RunTarget)[] = decision.targets ?? [];
  return {
    kind: decision.kind,
    detail: decision.kind === 'ignored' ? decision.detail : null,
    sha: 'sha' in decision ? decision.sha : null,
    targets: targets.map((found) => ({
      team: found.team,
      stack: found.stack,
      apps: [...found.apps],
      run: 'runName' in found ? found.runName : null,
    })),
  };
}
