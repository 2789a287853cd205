/** A duration as kubectl shows ages: 45s, 3m12s, 17m, 5h30m, 2d4h, 30d, 3y20d. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const two = (seconds: number, unit: [number, string], smaller: [number, string]): string => {
  const rest = Math.floor((seconds % unit[0]) / smaller[0]);
  return `${Math.floor(seconds / unit[0])}${unit[1]}${rest === 0 ? '' : `${rest}${smaller[1]}`}`;
};

const one = (seconds: number, unit: [number, string]): string => `${Math.floor(seconds / unit[0])}${unit[1]}`;

/** From this many seconds up, this form (k8s.io/apimachinery, duration.HumanDuration). Largest first. */
const FORMS: readonly [number, (seconds: number) => string][] = [
  [8 * YEAR, (s) => one(s, [YEAR, 'y'])],
  [2 * YEAR, (s) => two(s, [YEAR, 'y'], [DAY, 'd'])],
  [8 * DAY, (s) => one(s, [DAY, 'd'])],
  [2 * DAY, (s) => two(s, [DAY, 'd'], [HOUR, 'h'])],
  [8 * HOUR, (s) => one(s, [HOUR, 'h'])],
  [3 * HOUR, (s) => two(s, [HOUR, 'h'], [MINUTE, 'm'])],
  [10 * MINUTE, (s) => one(s, [MINUTE, 'm'])],
  [2 * MINUTE, (s) => two(s, [MINUTE, 'm'], [1, 's'])],
];

/** `durationMs` below zero by clock skew shows as 0s. */
export const humanDuration = (durationMs: number): string => {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const form = FORMS.find(([least]) => seconds >= least);
  return form === undefined ? `${seconds}s` : form[1](seconds);
};
