/** GET of pods/<name>/log: the log of one container, whole or followed. */

import { ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { isRecord } from '../../objects/is-record.ts';
import { notFound } from '../../objects/store-refusals.ts';
import type { ApiContext } from '../http/api-context.ts';
import { badRequest, type ApiRefusal } from '../http/api-refusal.ts';
import { objectKeyOf, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome, Sink } from '../http/api-response.ts';
import { readLines } from './follow-file.ts';
import { parseLogOptions, showLine, type LogOptions } from './select-lines.ts';

const recordsIn = (
  object: KubeObject,
  half: 'spec' | 'status',
  lists: readonly string[],
): Record<string, unknown>[] => {
  const part = object[half];
  if (!isRecord(part)) return [];
  return lists.flatMap((list) => (Array.isArray(part[list]) ? part[list].filter(isRecord) : []));
};

const containerNames = (pod: KubeObject, list: string): string[] =>
  recordsIn(pod, 'spec', [list]).map(({ name }) => String(name));

/** The container that the request names; without a name the annotated default or the only one. */
const chooseContainer = (pod: KubeObject, asked: string): Result<string, ApiRefusal> => {
  const own = containerNames(pod, 'containers');
  const all = [...containerNames(pod, 'initContainers'), ...own];
  const podName = pod.metadata.name ?? '';
  if (asked !== '') {
    return all.includes(asked) ? ok(asked) : badRequest(`container ${asked} is not valid for pod ${podName}`);
  }
  const preset = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preset !== undefined && all.includes(preset)) return ok(preset);
  const [only] = own;
  if (only !== undefined && own.length === 1) return ok(only);
  return badRequest(
    `a container name must be specified for pod ${podName}, choose one of: [${own.join(' ')}]`,
  );
};

const stateOf = (pod: KubeObject, container: string): Record<string, unknown> => {
  const statuses = recordsIn(pod, 'status', ['containerStatuses', 'initContainerStatuses']);
  const state = statuses.find(({ name }) => name === container)?.state;
  return isRecord(state) ? state : {};
};

/** True when the container writes no more: it has ended for good, or its pod is over or gone. */
const isOver = (pod: KubeObject | undefined, uid: string, container: string): boolean => {
  if (pod === undefined || pod.metadata.uid !== uid) return true;
  const phase = isRecord(pod.status) ? pod.status.phase : undefined;
  return phase === 'Succeeded' || phase === 'Failed' || 'terminated' in stateOf(pod, container);
};

const writeTail = async (
  lines: AsyncIterable<string>,
  options: LogOptions,
  count: number,
  sink: Sink,
): Promise<void> => {
  let tail: string[] = [];
  for await (const line of lines) {
    const shown = showLine(line, options);
    if (shown !== undefined) tail.push(shown);
    if (tail.length > count * 2 + 1000) tail = tail.slice(-count);
  }
  for (const line of count > 0 ? tail.slice(-count) : []) {
    sink.write(line);
    await sink.ready();
  }
};

const writeLines = async (lines: AsyncIterable<string>, options: LogOptions, sink: Sink): Promise<void> => {
  let left = options.limitBytes ?? Infinity;
  for await (const line of lines) {
    const shown = showLine(line, options);
    if (shown === undefined) continue;
    sink.write(left >= shown.length ? shown : shown.slice(0, Math.max(0, left)));
    left -= shown.length;
    if (left <= 0) return;
    await sink.ready();
  }
};

/** Lines to leave out so that a followed log starts with its last `tailLines`. */
const linesToSkip = async (path: string, options: LogOptions, signal: AbortSignal): Promise<number> => {
  if (options.tailLines === undefined) return 0;
  let count = 0;
  for await (const line of readLines(path, { signal })) if (showLine(line, options) !== undefined) count += 1;
  return Math.max(0, count - options.tailLines);
};

async function* skipShown(
  lines: AsyncIterable<string>,
  options: LogOptions,
  skip: number,
): AsyncGenerator<string> {
  let left = skip;
  for await (const line of lines) {
    if (left > 0 && showLine(line, options) !== undefined) left -= 1;
    else yield line;
  }
}

interface LogSource {
  readonly path: string;
  readonly options: LogOptions;
  /** Undefined: read what is there and end. */
  readonly isOver?: () => boolean;
}

const streamLog = async ({ path, options, isOver }: LogSource, sink: Sink): Promise<void> => {
  if (isOver === undefined) {
    const lines = readLines(path, { signal: sink.gone });
    if (options.tailLines !== undefined) await writeTail(lines, options, options.tailLines, sink);
    else await writeLines(lines, options, sink);
  } else {
    const skip = await linesToSkip(path, options, sink.gone);
    await writeLines(skipShown(readLines(path, { isOver, signal: sink.gone }), options, skip), options, sink);
  }
  sink.end();
};

const waitingReason = (pod: KubeObject, container: string): string | undefined => {
  const { waiting } = stateOf(pod, container);
  return isRecord(waiting) && typeof waiting.reason === 'string' ? waiting.reason : undefined;
};

/** The file; the container that ran before a restart writes `<container>.previous`. */
const logSource = (
  context: ApiContext,
  request: ResourceRequest,
  pod: KubeObject,
  container: string,
): LogSource => {
  const { query } = request;
  const uid = pod.metadata.uid ?? '';
  const previous = query.get('previous') === 'true';
  const path = context.paths.containerLog(uid, previous ? `${container}.previous` : container);
  const options = parseLogOptions(query, context.now());
  if (query.get('follow') !== 'true' || previous) return { path, options };
  const key = objectKeyOf(request);
  return { path, options, isOver: () => isOver(context.store.get(key), uid, container) };
};

/** Streams the log as plain text. */
export const readPodLog = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const key = objectKeyOf(request);
  const pod = context.store.get(key);
  if (pod === undefined) return notFound(key, key.name);
  const container = chooseContainer(pod, request.query.get('container') ?? '');
  if (!container.ok) return container;
  const reason = waitingReason(pod, container.value);
  const source = logSource(context, request, pod, container.value);
  if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff') {
    return badRequest(
      `container "${container.value}" in pod "${key.name}" is waiting to start: trying and failing to pull image`,
    );
  }
  return ok({
    type: 'stream',
    contentType: 'text/plain',
    run: (sink) => {
      streamLog(source, sink).catch((fault: unknown) => {
        context.log.error({ fault: String(fault) }, 'a log could not be read');
        sink.end();
      });
    },
  });
};
