/** Durations as Go writes them, e.g. `1h30m`, `1.5s`, `100ms`. */

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a Go duration; undefined when the text is none (Go, time.ParseDuration). */
export function parseDurationMs(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return 0;
  if (!/^(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*$/.test(body)) {
    return undefined;
  }
  let totalMs = 0;
  for (const [, amount = '0', unit = 'ms'] of body.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) {
    totalMs += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return sign * totalMs;
}

/** The text Go prints for a duration, e.g. `1h0m0s`, `5s`, `1.5s`, `100ms`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  if (Math.abs(durationMs) < 1000) return `${durationMs}ms`;
  const totalSeconds = durationMs / 1000;
  const hours = Math.trunc(totalSeconds / 3600);
  const minutes = Math.trunc((totalSeconds % 3600) / 60);
  const seconds = Number((totalSeconds % 60).toFixed(9));
  if (hours !== 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds}s`;
}
