/** Delivery: a delivery as the orchestrator's API shows it. */

import { z } from 'zod';

export const deliverySchema = z.looseObject({
  host: z.string(),
  id: z.string(),
  event: z.string(),
  action: z.string(),
  repository: z.string(),
  subject: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  attempts: z.number(),
  received: z.string(),
  finished: z.string().nullable(),
  gap_filled: z.boolean(),
  replayable: z.boolean(),
  decision: z.looseObject({
    kind: z.string(),
    detail: z.string().nullable(),
    sha: z.string().nullable(),
    targets: z.array(
      z.looseObject({
        team: z.string(),
        stack: z.string(),
        apps: z.array(z.string()),
        run: z.string().nullable(),
      }),
    ),
  }),
});

export type Delivery = z.output<typeof deliverySchema>;
