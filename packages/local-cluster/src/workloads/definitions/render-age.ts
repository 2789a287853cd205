/** A length of time as kubectl shows it, e.g. `5s`, `3m12s`, `2h`, `4d`. */

type Unit = readonly [seconds: number, name: string];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The time since an RFC 3339 time. */
export function renderAge(since: string, now: Date = new Date()): string {
  return renderDuration((now.getTime() - Date.parse(since)) / 1000);
}

/** Two units at most, and one where the second says little (apimachinery, HumanDuration). */
export function renderDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 2 * MINUTE) return `${whole}s`;
  if (whole < 10 * MINUTE) return pair(whole, [MINUTE, 'm'], [1, 's']);
  if (whole < 3 * HOUR) return `${Math.floor(whole / MINUTE)}m`;
  if (whole < 8 * HOUR) return pair(whole, [HOUR, 'h'], [MINUTE, 'm']);
  if (whole < 2 * DAY) return `${Math.floor(whole / HOUR)}h`;
  if (whole < 8 * DAY) return pair(whole, [DAY, 'd'], [HOUR, 'h']);
  return `${Math.floor(whole / DAY)}d`;
}

function pair(seconds: number, [unit, name]: Unit, [smallUnit, smallName]: Unit): string {
  const small = Math.floor((seconds % unit) / smallUnit);
  return `${Math.floor(seconds / unit)}${name}${small === 0 ? '' : `${small}${smallName}`}`;
}
