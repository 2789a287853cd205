/** The run record: the ConfigMap named after a run, with one key per writer, each a JSON text. */

import { z } from 'zod';
import type { Result } from '../result.ts';
import { parseJson, type RecordFailure } from './parse-json.ts';
import { RESTART_PARTS } from './restart-parts.ts';

/** Keys of the ConfigMap's data. */
export const RUN_RECORD_KEYS = {
  plan: 'plan.json',
  images: 'images.json',
  intercepts: 'intercepts.json',
  propagation: 'propagation.json',
  originalTraffic: 'original-traffic.json',
  tests: 'tests.json',
  release: 'release.json',
  baseline: 'baseline.json',
  waiting: 'waiting.json',
  continued: 'continued.json',
  provenance: 'provenance.json',
} as const;

/** The key of an app's JUnit report. */
export function junitKeyOf(app: string): string {
  return `junit-${app}.xml`;
}

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** App to the image that the run made or found. */
export const imagesSchema = z.record(
  z.string(),
  z.strictObject({
    /** Repository without tag. */
    image: z.string(),
    digest,
    contentKey: z.string(),
    /** True when the registry had it already. */
    reused: z.boolean(),
  }),
);
export type Images = z.output<typeof imagesSchema>;

/** One entry per intercepted app: the objects that send tagged traffic to the pull request's pod. */
export const interceptsSchema = z.array(
  z.strictObject({
    app: z.string(),
    namespace: z.string(),
    service: z.string(),
    deployment: z.string(),
    /** Empty where a tap takes the place of a route. */
    route: z.string(),
    /** Names of the pods that answer. */
    pod: z.string(),
    /** The pod that an intercept tool hands the stolen requests to; absent where the router sends them itself. */
    tap: z.strictObject({ pod: z.string(), namespace: z.string() }).exactOptional(),
  }),
);
export type Intercepts = z.output<typeof interceptsSchema>;

const verdict = z.enum(['passed', 'failed']);
export type Verdict = z.output<typeof verdict>;

/** Whether the session travelled: each required edge, who answered for each changed app. */
export const propagationSchema = z.strictObject({
  verdict,
  session: z.string(),
  traceIds: z.array(z.string()),
  edges: z.array(
    z.strictObject({
      caller: z.string(),
      callee: z.string(),
      verdict,
      /** How the session came, or why it is held not to have come. */
      detail: z.string(),
    }),
  ),
  apps: z.array(
    z.strictObject({
      app: z.string(),
      verdict,
      /** The pod that answered the tagged request; absent when none did. */
      pod: z.string().exactOptional(),
      detail: z.string(),
    }),
  ),
});
export type PropagationVerdict = z.output<typeof propagationSchema>;

/** Whether untagged traffic is untouched: what each app answered, and how many untagged requests reached the change. */
export const originalTrafficSchema = z.strictObject({
  verdict,
  apps: z.array(
    z.strictObject({
      app: z.string(),
      verdict,
      status: z.int().exactOptional(),
      /** The Service that answered. */
      backend: z.string().exactOptional(),
      /** Untagged requests that reached the pull request's pods; must be 0. */
      untaggedToChange: z.int(),
      detail: z.string(),
    }),
  ),
});
export type OriginalTrafficVerdict = z.output<typeof originalTrafficSchema>;

/** One entry per test program that was to run. */
export const testsSchema = z.strictObject({
  verdict,
  results: z.array(
    z.strictObject({
      app: z.string(),
      kind: z.enum(['postman', 'playwright', 'artillery', 'command']),
      outcome: z.enum(['passed', 'failed', 'skipped']),
      tests: z.int(),
      failures: z.int(),
      durationMs: z.number(),
      detail: z.string().exactOptional(),
    }),
  ),
});
export type TestsVerdict = z.output<typeof testsSchema>;

/** What a merge released. */
export const releaseSchema = z.strictObject({
  /** The commit that moved the versions; absent when nothing moved. */
  commit: z.string().exactOptional(),
  apps: z.record(
    z.string(),
    z.strictObject({ released: z.string(), next: z.string(), image: z.string(), digest }),
  ),
});
export type Release = z.output<typeof releaseSchema>;

/** What the baseline runs since the run. */
export const baselineSchema = z.strictObject({
  apps: z.record(
    z.string(),
    z.strictObject({
      namespace: z.string(),
      image: z.string(),
      digest,
      /** False when the pods ran this image already. */
      changed: z.boolean(),
    }),
  ),
});
export type Baseline = z.output<typeof baselineSchema>;

/** In the record of a run that continues another. */
export const continuedSchema = z.strictObject({
  /** Name of the run that it continues. */
  from: z.string(),
  restartAt: z.enum(RESTART_PARTS),
});
export type Continued = z.output<typeof continuedSchema>;

/** What a run waits for: another run that intercepts the same app. Gone as soon as it goes on. */
export const waitingSchema = z.strictObject({
  app: z.string(),
  namespace: z.string(),
  /** The run that intercepts the app now. */
  holder: z.strictObject({ namespace: z.string(), name: z.string() }),
  /** RFC 3339. */
  since: z.string(),
});
export type Waiting = z.output<typeof waitingSchema>;

export const parseWaiting = (text: string): Result<Waiting, RecordFailure> => parseJson(text, waitingSchema);
export const parseImages = (text: string): Result<Images, RecordFailure> => parseJson(text, imagesSchema);
export const parseIntercepts = (text: string): Result<Intercepts, RecordFailure> =>
  parseJson(text, interceptsSchema);
export const parsePropagation = (text: string): Result<PropagationVerdict, RecordFailure> =>
  parseJson(text, propagationSchema);
export const parseOriginalTraffic = (text: string): Result<OriginalTrafficVerdict, RecordFailure> =>
  parseJson(text, originalTrafficSchema);
export const parseTests = (text: string): Result<TestsVerdict, RecordFailure> => parseJson(text, testsSchema);
export const parseRelease = (text: string): Result<Release, RecordFailure> => parseJson(text, releaseSchema);
export const parseBaseline = (text: string): Result<Baseline, RecordFailure> =>
  parseJson(text, baselineSchema);
export const parseContinued = (text: string): Result<Continued, RecordFailure> =>
  parseJson(text, continuedSchema);
