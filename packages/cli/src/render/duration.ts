/** renderDuration: time spans as kubectl shows them: 850ms, 12.3s, 4m12s, 2h5m, 3d. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Two units at most; never negative. */
export function renderDuration(spanMs: number): string {
  const ms = Math.max(0, Math.round(spanMs));
  if (ms < SECOND_MS) return `${ms}ms`;
  if (ms < MINUTE_MS) return `${(Math.floor(ms / 100) / 10).toFixed(1)}s`;
  if (ms < HOUR_MS) return pair(ms, [MINUTE_MS, 'm'], [SECOND_MS, 's']);
  if (ms < DAY_MS) return pair(ms, [HOUR_MS, 'h'], [MINUTE_MS, 'm']);
  return `${Math.floor(ms / DAY_MS)}d`;
}

type Unit = readonly [sizeMs: number, name: string];

function pair(ms: number, large: Unit, small: Unit): string {
  const rest = Math.floor((ms % large[0]) / small[0]);
  return `${Math.floor(ms / large[0])}${large[1]}${rest === 0 ? '' : `${rest}${small[1]}`}`;
}

/** From one RFC 3339 time to another, or to `nowMs` while the end is open; undefined before the start. */
export function spanOf(
  start: string | undefined,
  end: string | undefined,
  nowMs: number,
): number | undefined {
  const from = Date.parse(start ?? '');
  if (Number.isNaN(from)) return undefined;
  const to = Date.parse(end ?? '');
  return (Number.isNaN(to) ? nowMs : to) - from;
}
