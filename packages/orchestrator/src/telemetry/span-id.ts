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

/** What runs for a run is below the run's span, which is below `traceparent`. Undefined where that is none. */
export function runTraceparentOf(
  traceparent: string,
  run: { readonly namespace: string; readonly name: string },
): string | undefined {
  const parent = parseTraceparent(traceparent);
  return parent === undefined ? undefined : formatTraceparent({ ...parent, spanId: runSpanIdOf(run) });
}

/** The span of the webhook request that a delivery came by. */
export function deliverySpanIdOf(delivery: string): string {
  return spanIdOf('delivery', delivery);
}
