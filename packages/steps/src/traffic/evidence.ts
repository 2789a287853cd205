/** What the admin ports of routers and taps answer (docs/architecture.md, Router). */
import { z } from 'zod';

const untaggedHopSchema = z.looseObject({
  namespace: z.string(),
  service: z.string(),
  caller: z.string().nullable(),
  backend: z.string().nullable(),
  pod: z.string().nullable(),
  status: z.number(),
});
const hopSchema = untaggedHopSchema.extend({
  session: z.string().nullable(),
  header: z.boolean(),
  baggage: z.boolean(),
  timeUnixMs: z.number(),
});
export type Hop = z.infer<typeof hopSchema>;

export const evidenceSchema = z.looseObject({
  hops: z.array(hopSchema),
  /** Requests of the trace that had lost their session; routers may leave it out. */
  untagged: z.array(untaggedHopSchema).default([]),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const countersSchema = z.looseObject({
  services: z.array(
    z.looseObject({
      namespace: z.string(),
      service: z.string(),
      backends: z.array(z.looseObject({ backend: z.string(), tagged: z.number(), untagged: z.number() })),
    }),
  ),
});
export type CountersAnswer = z.infer<typeof countersSchema>;

/** The page of a router that shows its table; of it, which routes lead to pods. */
export const routesSchema = z.looseObject({
  services: z.array(
    z.looseObject({
      namespace: z.string(),
      rules: z.array(
        z.looseObject({
          route: z.string(),
          /** Absent where the router refuses the requests of the rule. */
          backends: z.array(z.looseObject({ endpoints: z.array(z.unknown()) })).default([]),
        }),
      ),
    }),
  ),
});
export type RoutesAnswer = z.infer<typeof routesSchema>;
