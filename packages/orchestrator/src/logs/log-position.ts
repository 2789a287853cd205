/** LogPosition: a place in the logs of a run, as the id of an event; whoever names it gets what comes after it. */

/** The last line that was read of one container; earlier containers and pods are read to their end. */
export interface LogPosition {
  /** When the pod was made, as Kubernetes says it: whole seconds. */
  readonly podCreated: string;
  readonly pod: string;
  readonly container: string;
  readonly line: LinePosition;
  /** Pods of the same second that are read to their end. */
  readonly finishedPods: readonly string[];
}

/** `timestamp` is that of the line; `count` tells lines of the same timestamp apart, from 1. */
export interface LinePosition {
  readonly timestamp: string;
  readonly count: number;
}

const NAME = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?';
const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z`;
const POSITION = new RegExp(
  String.raw`^(${TIME})/(${NAME})/(${NAME}):(\d{1,9})\|(${TIME})(?:\|(${NAME}(?:,${NAME}){0,99}))?$`,
);
const MAX_LENGTH = 16_384;

export function renderLogPosition({ podCreated, pod, container, line, finishedPods }: LogPosition): string {
  const finished = finishedPods.length === 0 ? '' : `|${finishedPods.join(',')}`;
  return `${podCreated}/${pod}/${container}:${line.count}|${line.timestamp}${finished}`;
}

/** Undefined for what `renderLogPosition` did not make. */
export function parseLogPosition(text: string): LogPosition | undefined {
  const match = text.length <= MAX_LENGTH ? POSITION.exec(text) : null;
  if (match === null) return undefined;
  const [, podCreated = '', pod = '', container = '', count = '', timestamp = '', finished] = match;
  return {
    podCreated,
    pod,
    container,
    line: { timestamp, count: Number(count) },
    finishedPods: finished?.split(',') ?? [],
  };
}
