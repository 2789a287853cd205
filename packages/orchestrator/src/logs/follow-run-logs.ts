/** followRunLogs: every line of every step of a run, pod by pod, as they come; it can be resumed after any line. */

import { isRefusal, KubeUnreachableError, sleep, type KubeClient } from '@tekton-dag/kube';
import { createLineCounter, type CountedLine } from './line-counter.ts';
import type { LinePosition, LogPosition } from './log-position.ts';
import { listRunPods, podsIn, type RunPod } from './run-pods.ts';

export interface LogLine {
  readonly position: LogPosition;
  readonly task: string;
  /** The step's name. */
  readonly step: string;
  readonly text: string;
}

export interface FollowOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly run: string;
  /** Lines up to this one were read before. */
  readonly after: LogPosition | undefined;
  /** True when the run will start no more pods. */
  readonly isFinished: () => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

/** A line is one of a hostile program: the rest of a longer one is left out. */
const MAX_LINE_CHARACTERS = 16_384;
const POLL_MS = 1_000;

/** Ends when the run has ended and every pod is read, or when the signal aborts. Needs `get` on pods/log, `list` on pods. */
export async function* followRunLogs(options: FollowOptions): AsyncGenerator<LogLine> {
  const { client, namespace, run, signal, pollMs = POLL_MS } = options;
  const finished = new Set(options.after?.finishedPods);
  const { after } = options;
  while (!signal.aborted) {
    // Asked before the list: a pod that comes between the two is in the list.
    const over = await options.isFinished();
    const pods = await listRunPods(client, { namespace, name: run }, signal);
    const pod = pods.find((candidate) => isUnread(candidate, finished, after));
    if (pod === undefined) {
      if (over) return;
      await sleep(pollMs, signal);
      continue;
    }
    yield* readPod(options, pod, { after: pod.name === after?.pod ? after : undefined, finished, pods });
    finished.add(pod.name);
  }
}

function isUnread(pod: RunPod, finished: ReadonlySet<string>, after: LogPosition | undefined): boolean {
  if (finished.has(pod.name)) return false;
  return after === undefined || pod.created >= after.podCreated;
}

interface PodReading {
  readonly after: LogPosition | undefined;
  readonly finished: ReadonlySet<string>;
  readonly pods: readonly RunPod[];
}

async function* readPod(options: FollowOptions, pod: RunPod, reading: PodReading): AsyncGenerator<LogLine> {
  const { after, finished, pods } = reading;
  const sameSecond = pods.filter(({ created, name }) => created === pod.created && finished.has(name));
  const finishedPods = sameSecond.map(({ name }) => name);
  const names = pod.containers.map(({ name }) => name);
  const start = after === undefined ? 0 : Math.max(0, names.indexOf(after.container));
  for (const container of names.slice(start)) {
    const from = container === after?.container ? after.line : undefined;
    for await (const { position: line, text } of readContainer(options, { pod: pod.name, container }, from)) {
      const position = { podCreated: pod.created, pod: pod.name, container, line, finishedPods };
      yield { position, task: pod.task, step: container.replace(/^step-/, ''), text };
    }
  }
}

interface Source {
  readonly pod: string;
  readonly container: string;
}

/** Reads until the container has ended; a stream that breaks before is taken up after its last line. */
async function* readContainer(
  options: FollowOptions,
  source: Source,
  from: LinePosition | undefined,
): AsyncGenerator<CountedLine> {
  const { signal, pollMs = POLL_MS } = options;
  const progress = { after: from };
  while (!signal.aborted) {
    const state = await stateOf(options, source);
    if (state === 'gone') return;
    const end = state === 'waiting' ? 'broken' : yield* readLog(options, source, progress);
    // What a container that has ended had to say is all of it.
    if (state === 'ended' && end === 'whole') return;
    await sleep(pollMs, signal);
  }
}

async function stateOf({ client, namespace, run, signal }: FollowOptions, { pod, container }: Source) {
  const pods = await listRunPods(client, { namespace, name: run }, signal);
  const found = pods.find(({ name }) => name === pod)?.containers.find(({ name }) => name === container);
  return found?.state ?? 'gone';
}

/** `progress` moves with every line. `broken`: there may be more that was not read. */
async function* readLog(
  { client, namespace, signal }: FollowOptions,
  { pod, container }: Source,
  progress: { after: LinePosition | undefined },
): AsyncGenerator<CountedLine, 'whole' | 'broken'> {
  const count = createLineCounter(progress.after);
  const lines = podsIn(client, namespace).logs(pod, {
    container,
    follow: true,
    timestamps: true,
    sinceTime: progress.after?.timestamp.replace(/\.\d+Z$/, 'Z'),
    maxLineLength: MAX_LINE_CHARACTERS,
    signal,
  });
  try {
    for await (const line of lines) {
      const counted = count(line);
      if (counted === undefined) continue;
      progress.after = counted.position;
      yield counted;
    }
    return 'whole';
  } catch (error) {
    if (signal.aborted || error instanceof KubeUnreachableError) return 'broken';
    // The container never started, or is no more: there is no log.
    if (isRefusal(error, 'NotFound') || isRefusal(error, 'BadRequest')) return 'whole';
    throw error;
  }
}
