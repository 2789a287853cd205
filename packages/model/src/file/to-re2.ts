/** toRe2: a pattern as lists of patterns for engines without look-ahead, such as Go's (https://github.com/google/re2/wiki/Syntax). */

/** A text is good when it matches `allow` and none of `deny`. */
export interface Re2Pattern {
  readonly allow: string;
  readonly deny: readonly string[];
}

const LOOK_AHEAD = '^(?!';
/** What JavaScript takes for white space: ECMA-262, CharacterClassEscape. RE2 knows but ASCII's. */
const WHITE_SPACE = String.raw`\t\n\x0B\f\r\x{20}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}`;

/** Takes negative look-aheads at the beginning apart; throws for those elsewhere, and for what RE2 does not have. */
export function toRe2(pattern: RegExp): Re2Pattern {
  const deny: string[] = [];
  let { source } = pattern;
  while (source.startsWith(LOOK_AHEAD)) {
    const end = endOfGroup(source, 1);
    deny.push(translate(`^(?:${source.slice(LOOK_AHEAD.length, end)})`, pattern));
    source = `^${source.slice(end + 1)}`;
  }
  return { allow: translate(source, pattern), deny };
}

/** The index of the parenthesis that closes the one at `start`. */
function endOfGroup(source: string, start: number): number {
  let depth = 0;
  let inClass = false;
  for (let index = start; index < source.length; index += 1) {
    const char = source[index];
    if (char === '\\') index += 1;
    else if (inClass) inClass = char !== ']';
    else if (char === '[') inClass = true;
    else if (char === '(') depth += 1;
    else if (char === ')' && (depth -= 1) === 0) return index;
  }
  throw new Error(`no parenthesis ends ${source}`);
}

function translate(source: string, { flags }: RegExp): string {
  if (/\(\?(?:=|!|<=|<!)|\\[1-9k]/.test(source)) throw new Error(`RE2 has nothing for ${source}`);
  const flagged = flags.includes('i') ? `(?i)${source}` : source;
  return flagged.replaceAll(/\[(?:\\.|[^\]\\])*\]|\\./g, translatePart);
}

/** A class or an escape. */
function translatePart(part: string): string {
  if (part === String.raw`\s`) return `[${WHITE_SPACE}]`;
  if (part === String.raw`\S`) return `[^${WHITE_SPACE}]`;
  return part.replaceAll(/\\(.)/g, (escape, char: string) => {
    if (char === 's') return WHITE_SPACE;
    return char === '/' ? '/' : escape;
  });
}
