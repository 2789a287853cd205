/** createLineCounter: gives each line of a container its place, and tells which lines are new after a place. */

import type { LinePosition } from './log-position.ts';

export interface CountedLine {
  readonly position: LinePosition;
  readonly text: string;
}

/** RFC 3339, then a space, then the line. */
const STAMPED =
  /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-]\d\d:\d\d)(?: (?<text>.*))?$/su;
/** Of a line without a timestamp: its number alone is its place. */
const NO_TIMESTAMP = '1970-01-01T00:00:00Z';

/** Feed it every line as `pods/log?timestamps=true` gives it, from the second of `after` on. Undefined: it was read before. */
export function createLineCounter(
  after: LinePosition | undefined,
): (line: string) => CountedLine | undefined {
  let last: LinePosition = { timestamp: '', count: 0 };
  return (line) => {
    const { timestamp, text } = splitTimestamp(line);
    last = { timestamp, count: timestamp === last.timestamp ? last.count + 1 : 1 };
    return after === undefined || isAfter(last, after) ? { position: last, text } : undefined;
  };
}

/** The timestamp in UTC with nine digits, so that texts sort as times. */
function splitTimestamp(line: string): { readonly timestamp: string; readonly text: string } {
  const groups = STAMPED.exec(line)?.groups;
  const seconds = Date.parse(`${groups?.['time'] ?? ''}${groups?.['zone'] ?? ''}`);
  if (groups === undefined || Number.isNaN(seconds)) return { timestamp: NO_TIMESTAMP, text: line };
  const whole = new Date(seconds).toISOString().slice(0, 19);
  return { timestamp: `${whole}.${(groups['fraction'] ?? '').padEnd(9, '0')}Z`, text: groups['text'] ?? '' };
}

function isAfter(place: LinePosition, other: LinePosition): boolean {
  if (place.timestamp === other.timestamp) return place.count > other.count;
  return place.timestamp > other.timestamp;
}
