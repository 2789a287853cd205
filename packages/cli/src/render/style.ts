/** Style: colours where they are wanted, plain text elsewhere (https://no-color.org). */

/** Functions that wrap a text; all of them return it unchanged when colour is off. */
export interface Style {
  readonly enabled: boolean;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** SGR codes: what starts the style and what ends it. */
const CODES = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  bold: [1, 22],
  dim: [2, 22],
} as const;

/** `--no-color` wins, then NO_COLOR, FORCE_COLOR, and whether a terminal reads. */
export function wantsColor(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
  option: boolean | undefined,
): boolean {
  if (option === false || (env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0';
  return isTerminal && env['TERM'] !== 'dumb';
}

/** A style that is on or off as a whole. */
export function createStyle(enabled: boolean): Style {
  const paint =
    (name: keyof typeof CODES) =>
    (text: string): string =>
      enabled && text !== '' ? `\u001B[${CODES[name][0]}m${text}\u001B[${CODES[name][1]}m` : text;
  return {
    enabled,
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    cyan: paint('cyan'),
    bold: paint('bold'),
    dim: paint('dim'),
  };
}
