/** The PipelineRuns and TaskRuns of a namespace, kept up to date by watching, so that a test can wait for a moment. */

import { EventEmitter, once } from 'node:events';
import { z } from 'zod';
import type { ConformanceEngine } from './conformance-engine.ts';

const KINDS = { PipelineRun: 'pipelineruns', TaskRun: 'taskruns' } as const;
export type RunKind = keyof typeof KINDS;

const textsSchema = z.record(z.string(), z.string()).default({});
const valuesSchema = z.array(z.looseObject({ name: z.string(), value: z.unknown() })).default([]);
const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});
const stepSchema = z.looseObject({
  name: z.string(),
  running: z.unknown().optional(),
  terminated: z.looseObject({ exitCode: z.number() }).optional(),
  terminationReason: z.string().optional(),
  results: valuesSchema,
});
const runSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    labels: textsSchema,
    ownerReferences: z.array(z.looseObject({ kind: z.string(), name: z.string() })).default([]),
  }),
  status: z
    .looseObject({
      conditions: z.array(conditionSchema).default([]),
      results: valuesSchema,
      skippedTasks: z.array(z.looseObject({ name: z.string(), reason: z.string() })).default([]),
      childReferences: z
        .array(
          z.looseObject({
            name: z.string(),
            kind: z.string(),
            pipelineTaskName: z.string(),
            displayName: z.string().optional(),
          }),
        )
        .default([]),
      retriesStatus: z.array(z.looseObject({ conditions: z.array(conditionSchema).default([]) })).default([]),
      steps: z.array(stepSchema).default([]),
      sidecars: z.array(z.looseObject({ name: z.string() })).default([]),
      finallyStartTime: z.string().optional(),
    })
    .prefault({}),
});
/** A run as the corpus compares it. */
export type SeenRun = z.infer<typeof runSchema>;

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(runSchema),
});

export const conditionOf = (run: SeenRun) =>
  run.status.conditions.find((condition) => condition.type === 'Succeeded');

export function hasEnded(run: SeenRun): boolean {
  return ['True', 'False'].includes(conditionOf(run)?.status ?? '');
}

/** `<kind>/<name>` to the run. */
export type Runs = ReadonlyMap<string, SeenRun>;

export interface RunWatch extends AsyncDisposable {
  readonly runs: Runs;
  /** Resolves when `isTrue` holds of the runs; fails when a watch broke or that takes too long. */
  until(isTrue: (runs: Runs) => boolean): Promise<void>;
}

/** No case needs so long, even on a slow machine. */
const PATIENCE_MS = 180_000;

export async function watchRuns(engine: ConformanceEngine): Promise<RunWatch> {
  const runs = new Map<string, SeenRun>();
  const changes = new EventEmitter().setMaxListeners(0);
  const stop = new AbortController();
  const watches: Promise<void>[] = [];
  let fault: unknown;
  const follow = async (kind: RunKind): Promise<void> => {
    const path = `/apis/tekton.dev/v1/namespaces/${engine.words.namespace}/${KINDS[kind]}`;
    const { items, metadata } = listSchema.parse((await engine.request(path)).body);
    for (const run of items) runs.set(`${kind}/${run.metadata.name}`, run);
    const read = async (): Promise<void> => {
      const query = `watch=1&resourceVersion=${metadata.resourceVersion}`;
      for await (const { object } of engine.stream(`${path}?${query}`, stop.signal)) {
        const run = runSchema.parse(object);
        runs.set(`${kind}/${run.metadata.name}`, run);
        changes.emit('change');
      }
      if (!stop.signal.aborted) throw new Error(`the watch of ${KINDS[kind]} ended`);
    };
    watches.push(
      read().catch((cause: unknown) => {
        fault = cause;
        changes.emit('change');
      }),
    );
  };
  await follow('PipelineRun');
  await follow('TaskRun');
  return {
    runs,
    until: async (isTrue) => {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      while (!isTrue(runs)) {
        if (fault !== undefined) throw new Error('the watch broke', { cause: fault });
        await once(changes, 'change', { signal });
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(watches);
    },
  };
}
