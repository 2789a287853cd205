/** DeliveryOutcome: what came of carrying a delivery out; kept with it as JSON, to be shown and explained. */

import { z } from 'zod';
import { commandOutcomeSchema } from '../commands/command-outcome.ts';
import { NO_RUN_REASONS } from './decision.ts';

/** A run that exists now, whoever made it. */
const madeRun = z.object({
  team: z.string(),
  stack: z.string(),
  namespace: z.string(),
  name: z.string(),
  apps: z.array(z.string()),
  /** Other pull requests whose heads it builds too, `owner/name#number@sha`. */
  dependsOn: z.array(z.string()),
});

/** A target that got no run, and why, in words for people. */
const skippedTarget = z.object({
  team: z.string(),
  stack: z.string(),
  reason: z.enum(NO_RUN_REASONS),
  detail: z.string(),
});

export const deliveryOutcomeSchema = z.discriminatedUnion('kind', [
  /** `notes` tell what was done otherwise than wished, such as filters that could not be asked for. */
  z.object({
    kind: z.literal('runs'),
    runs: z.array(madeRun),
    skipped: z.array(skippedTarget),
    notes: z.array(z.string()),
  }),
  /** Nothing was to be run at all. */
  z.object({ kind: z.literal('skipped'), reason: z.enum(NO_RUN_REASONS), detail: z.string() }),
  /** The pull request is closed: its runs have stopped and what they left is gone. */
  z.object({ kind: z.literal('closed') }),
  commandOutcomeSchema,
]);

export type DeliveryOutcome = z.output<typeof deliveryOutcomeSchema>;
export type MadeRun = z.output<typeof madeRun>;
export type SkippedTarget = z.output<typeof skippedTarget>;

/** Undefined where the delivery has none yet, or one of another version. */
export function parseDeliveryOutcome(json: string | undefined): DeliveryOutcome | undefined {
  if (json === undefined || json === '') return undefined;
  const parsed = deliveryOutcomeSchema.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : undefined;
}
