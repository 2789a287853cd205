/**
 * readPlainValue: what stands on one line of plain YAML: a scalar, a list in brackets or a map in braces. It knows
 * less than YAML and never something else: see plain-yaml.ts.
 */

/** Thrown where a text is more than plain; never leaves the reader of the file. */
export class NotPlain extends Error {
  override name = 'NotPlain';
}

/** Words that YAML 1.2 (core schema) takes for something else than a text. */
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

const KEY = /([A-Za-z][A-Za-z0-9_.-]{0,99}):(?= |$)/y;
/** A colon belongs to the text when something follows it; a number sign, when something is before it. */
const BLOCK_SCALAR = /(?:[A-Za-z0-9_/]|\.(?![\diInN]))(?:[^:# ]|:(?! |$)|(?<! )#| +(?![# ]|$))*/y;
const FLOW_SCALAR =
  /(?:[A-Za-z0-9_/]|\.(?![\diInN]))(?:[^:#, [\]{}]|:(?![ ,[\]{}]|$)|(?<! )#| +(?![#, [\]{}]|$))*/y;
const SINGLE_QUOTED = /'((?:[^']|'')*)'/y;
const DOUBLE_QUOTED = /"([^"\\]*)"/y;
const INTEGER = /^(?:0|[1-9]\d{0,14})$/;
/** Could be a float, an octal or a hexadecimal number. */
const NUMBER_LIKE = /^\d[\d.eE+_xXoa-fA-F-]*$/;
const END = / *(?: #.*)?$/y;

/** A place in a line; each reader moves it behind what it read. */
export interface LineCursor {
  readonly line: string;
  at: number;
}

/** The key that begins here, with the colon after it and what separates it from its value; undefined when there is none. */
export function readKey(cursor: LineCursor): string | undefined {
  const match = matchAt(KEY, cursor);
  if (match === undefined) return undefined;
  const key = match[1] ?? '';
  if (WORDS.has(key)) throw new NotPlain();
  skipSpaces(cursor);
  return key;
}

/** The value up to the end of the line, which may have a comment. */
export function readPlainValue(cursor: LineCursor): unknown {
  const value = readValue(cursor, BLOCK_SCALAR);
  if (!isAtEnd(cursor)) throw new NotPlain();
  return value;
}

/** True when nothing but a comment follows. */
export function isAtEnd(cursor: LineCursor): boolean {
  END.lastIndex = cursor.at;
  return END.test(cursor.line);
}

function readValue(cursor: LineCursor, scalar: RegExp): unknown {
  const first = cursor.line[cursor.at];
  if (first === '[') return readList(cursor);
  if (first === '{') return readMap(cursor);
  if (first === "'") return demand(matchAt(SINGLE_QUOTED, cursor)?.[1]).replaceAll("''", "'");
  if (first === '"') return demand(matchAt(DOUBLE_QUOTED, cursor)?.[1]);
  return resolveScalar(demand(matchAt(scalar, cursor)?.[0]));
}

function resolveScalar(text: string): unknown {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (INTEGER.test(text)) return Number(text);
  if (NUMBER_LIKE.test(text)) throw new NotPlain();
  return text;
}

function readList(cursor: LineCursor): unknown[] {
  const items: unknown[] = [];
  readItems(cursor, ']', () => items.push(readValue(cursor, FLOW_SCALAR)));
  return items;
}

function readMap(cursor: LineCursor): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  readItems(cursor, '}', () => {
    const key = readKey(cursor);
    if (key === undefined || Object.hasOwn(map, key)) throw new NotPlain();
    map[key] = readValue(cursor, FLOW_SCALAR);
  });
  return map;
}

/** Items between commas; none after the last one. */
function readItems(cursor: LineCursor, close: ']' | '}', readItem: () => void): void {
  cursor.at += 1;
  skipSpaces(cursor);
  if (take(cursor, close)) return;
  do {
    skipSpaces(cursor);
    readItem();
    skipSpaces(cursor);
  } while (take(cursor, ','));
  if (!take(cursor, close)) throw new NotPlain();
}

function take(cursor: LineCursor, character: string): boolean {
  if (cursor.line[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

function skipSpaces(cursor: LineCursor): void {
  while (cursor.line[cursor.at] === ' ') cursor.at += 1;
}

function matchAt(pattern: RegExp, cursor: LineCursor): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.line);
  if (match === null) return undefined;
  cursor.at = pattern.lastIndex;
  return match;
}

function demand(text: string | undefined): string {
  if (text === undefined) throw new NotPlain();
  return text;
}
