/** RunEvidence: what is kept of a run's record when the run has ended, in the history, for as long as the history is. */

import { z } from 'zod';

const verdict = z.enum(['passed', 'failed']);

/** Every text may be hostile: most of it was written by the code under test. */
const runEvidenceSchema = z.object({
  /** What Tekton said of the end, e.g. `Tasks Completed: 3 (Failed: 1)`. */
  message: z.string(),
  /** What failed, as Tekton tells it; `app` is empty for a task of the whole run. */
  failedTasks: z.array(z.object({ task: z.string(), app: z.string(), message: z.string() })),
  images: z.array(z.object({ app: z.string(), changed: z.boolean(), reused: z.boolean() })),
  edges: z.array(z.object({ caller: z.string(), callee: z.string(), verdict, detail: z.string() })),
  /** Changed apps that a tagged request did not reach, and apps whose untagged traffic was touched. */
  appFailures: z.array(z.object({ app: z.string(), detail: z.string() })),
  propagation: verdict.optional(),
  originalTraffic: verdict.optional(),
  tests: z.array(
    z.object({
      app: z.string(),
      program: z.string(),
      outcome: z.enum(['passed', 'failed', 'skipped']),
      tests: z.number(),
      failures: z.number(),
      durationMs: z.number(),
      detail: z.string(),
    }),
  ),
  testFailures: z.array(
    z.object({
      app: z.string(),
      suite: z.string(),
      name: z.string(),
      message: z.string(),
      /** Where in the app's repository `repository`; absent where the report does not say, or says no such place. */
      place: z.object({ repository: z.string(), path: z.string(), line: z.number() }).optional(),
    }),
  ),
  /** What was released: app to version. */
  released: z.array(z.object({ app: z.string(), version: z.string() })),
});

export type RunEvidence = z.output<typeof runEvidenceSchema>;

/** Undefined for text of another version, or none. */
export function parseRunEvidence(json: string | undefined): RunEvidence | undefined {
  if (json === undefined || json === '') return undefined;
  const parsed = runEvidenceSchema.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : undefined;
}
