/** Ids of spans that are told after the fact: derived from what the span is about, so that telling twice is no harm. */

import { formatTraceparent, parseTraceparent } from '@tekton-dag/model';
import { createHash } from 'node:crypto';

/** 16 hex digits. */
export function spanIdOf(...about: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 16);
}

/** The span of a run, by its name. */
export function runSpanIdOf({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string {
  return spanIdOf('run', namespace, name);
}

/**
 * The traceparent for what runs in a run: below the run's own span, in the trace of whoever asked for it. Undefined where
 * `asker` is no traceparent.
 */
export function runTraceparentOf(
  asker: string | undefined,
  run: { readonly namespace: string; readonly name: string },
): string | undefined {
  const parent = parseTraceparent(asker ?? '');
  return parent === undefined ? undefined : formatTraceparent({ ...parent, spanId: runSpanIdOf(run) });
}

/** The span in which a delivery was carried out. */
export function dispatchSpanIdOf(delivery: string): string {
  return spanIdOf('dispatch', delivery);
}
