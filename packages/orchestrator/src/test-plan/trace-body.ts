/** The body of `POST /api/graph/ingest`: traces of tests, as any tracing tool can export them. */

import { z } from 'zod';

const MAX_TRACES = 1_000;
const MAX_SPANS = 5_000;

const name = z.string().min(1).max(253);
/** Any text; ids are compared within one trace only. */
const spanId = z.string().min(1).max(64);

const span = z.object({
  service: name.describe('Name of the app that did the work'),
  resource: z.string().max(2_048).optional().describe('What was asked of it; not kept'),
  span_id: spanId.optional(),
  parent_span_id: spanId.nullish().describe('Absent or null: a root'),
});

const trace = z.object({
  test_id: name,
  test_type: z
    .string()
    .min(1)
    .max(63)
    .default('unknown')
    .describe('`e2e` counts as such, all else as individual'),
  spans: z.array(span).max(MAX_SPANS),
});

export const traceBody = z.array(trace).max(MAX_TRACES);

export type Trace = z.infer<typeof trace>;
