/** makeEvent: an event of the log. The same thing that happens is the same event, whoever tells it and how often. */

import type { NewEvent } from '@tekton-dag/store';
import { createHash } from 'node:crypto';
import type { EventDataByType, EventType } from './event-types.ts';

export interface EventAbout {
  /** What it happened to, e.g. a run's `<namespace>/<name>`. */
  readonly subject: string;
  /** Empty where it concerns no single team. */
  readonly team: string;
  readonly timeMs: number;
  /** Tells this occurrence from others of the same type and subject. */
  readonly occurrence: string;
}

export function makeEvent<Type extends EventType>(
  type: Type,
  { subject, team, timeMs, occurrence }: EventAbout,
  data: EventDataByType[Type],
): NewEvent {
  const id = uuidOf(JSON.stringify([type, subject, team, occurrence]));
  return { id, type, subject, team, timeMs, data: JSON.stringify(data) };
}

/** A UUID out of a text: version 8, for ids by an own rule (RFC 9562, section 5.8). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4] ?? '8';
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join('-');
}
