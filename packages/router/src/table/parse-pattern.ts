/**
 * Parses the regular expression syntax that routes may use: what RE2 and ECMAScript share, less everything that
 * cannot be matched in linear time (back references, look-around) and word boundaries.
 */

const MAX_PATTERN_LENGTH = 1_024;
const MAX_REPEAT = 200;
const MAX_GROUP_DEPTH = 32;

/** A parsed pattern. Characters are sets over the 256 Latin-1 characters, one byte each. */
export type PatternNode =
  | { readonly kind: 'character'; readonly accepts: Uint8Array; readonly literal?: string }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly item: PatternNode;
      readonly minimum: number;
      readonly maximum: number | undefined;
    }
  | { readonly kind: 'start' | 'end' };

interface Cursor {
  readonly source: string;
  at: number;
  depth: number;
}

class UnsupportedPatternError extends Error {}

/** Parses `source`; a pattern that is wrong or not supported gives the reason in words. */
export function parsePattern(source: string): { readonly node: PatternNode } | { readonly refused: string } {
  if (source.length > MAX_PATTERN_LENGTH) {
    return { refused: `the pattern is longer than ${MAX_PATTERN_LENGTH} characters` };
  }
  const cursor: Cursor = { source, at: 0, depth: 0 };
  try {
    const node = parseChoice(cursor);
    if (cursor.at < source.length) throw new UnsupportedPatternError(`unmatched ")" at ${cursor.at}`);
    return { node };
  } catch (error) {
    if (error instanceof UnsupportedPatternError) return { refused: error.message };
    throw error;
  }
}

function parseChoice(cursor: Cursor): PatternNode {
  const first = parseSequence(cursor);
  if (peek(cursor) !== '|') return first;
  const options = [first];
  while (skip(cursor, '|')) options.push(parseSequence(cursor));
  return { kind: 'choice', options };
}

function parseSequence(cursor: Cursor): PatternNode {
  const items: PatternNode[] = [];
  for (let next = peek(cursor); next !== '' && next !== '|' && next !== ')'; next = peek(cursor)) {
    items.push(parseQuantifier(cursor, parseAtom(cursor)));
  }
  return { kind: 'sequence', items };
}

function parseAtom(cursor: Cursor): PatternNode {
  const character = take(cursor);
  switch (character) {
    case '(':
      return parseGroup(cursor);
    case '[':
      return { kind: 'character', accepts: parseClass(cursor) };
    case '.':
      return { kind: 'character', accepts: complement(setOf('\n\r')) };
    case '^':
      return { kind: 'start' };
    case '$':
      return { kind: 'end' };
    case '\\':
      return parseEscape(cursor);
    default:
      if ('*+?{'.includes(character))
        throw new UnsupportedPatternError(`nothing to repeat at ${cursor.at - 1}`);
      return literalOf(character);
  }
}

function parseGroup(cursor: Cursor): PatternNode {
  if (peek(cursor) === '?' && !skip(cursor, '?:')) {
    throw new UnsupportedPatternError(`only plain and (?: groups are supported, at ${cursor.at}`);
  }
  cursor.depth += 1;
  if (cursor.depth > MAX_GROUP_DEPTH) throw new UnsupportedPatternError('groups are nested too deeply');
  const node = parseChoice(cursor);
  if (!skip(cursor, ')')) throw new UnsupportedPatternError('a group is not closed');
  cursor.depth -= 1;
  return node;
}

function parseQuantifier(cursor: Cursor, item: PatternNode): PatternNode {
  const bounds = parseBounds(cursor);
  if (bounds === undefined) return item;
  // A lazy quantifier accepts the same values; only the matched part would differ, and the whole value is matched.
  skip(cursor, '?');
  if (['*', '+', '{'].includes(peek(cursor))) {
    throw new UnsupportedPatternError(`two quantifiers in a row at ${cursor.at}`);
  }
  return { kind: 'repeat', item, ...bounds };
}

function parseBounds(cursor: Cursor): { minimum: number; maximum: number | undefined } | undefined {
  if (skip(cursor, '*')) return { minimum: 0, maximum: undefined };
  if (skip(cursor, '+')) return { minimum: 1, maximum: undefined };
  if (skip(cursor, '?')) return { minimum: 0, maximum: 1 };
  return peek(cursor) === '{' ? parseCountedBounds(cursor) : undefined;
}

function parseCountedBounds(cursor: Cursor): { minimum: number; maximum: number | undefined } {
  const found = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(cursor.source.slice(cursor.at));
  if (found === null) throw new UnsupportedPatternError(`a repetition is malformed at ${cursor.at}`);
  cursor.at += found[0].length;
  const minimum = Number(found[1]);
  const maximum = found[2] === undefined ? minimum : found[3] === '' ? undefined : Number(found[3]);
  if (minimum > MAX_REPEAT || (maximum !== undefined && (maximum > MAX_REPEAT || maximum < minimum))) {
    throw new UnsupportedPatternError(`a repetition must be in order and at most ${MAX_REPEAT}`);
  }
  return { minimum, maximum };
}

function parseEscape(cursor: Cursor): PatternNode {
  const escaped = parseEscapedSet(cursor);
  return typeof escaped === 'string' ? literalOf(escaped) : { kind: 'character', accepts: escaped };
}

/** What follows a backslash: one character, or a set such as `\d`. */
function parseEscapedSet(cursor: Cursor): string | Uint8Array {
  const character = take(cursor);
  const named = namedSet(character.toLowerCase());
  if (named !== undefined) return character === character.toLowerCase() ? named : complement(named);
  const control = CONTROLS.get(character);
  if (control !== undefined) return control;
  if (/[^A-Za-z0-9]/.test(character) && character.charCodeAt(0) <= 0xff) return character;
  throw new UnsupportedPatternError(`the escape "\\${character}" is not supported`);
}

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['f', '\f'],
  ['v', '\v'],
]);

function namedSet(name: string): Uint8Array | undefined {
  if (name === 'd') return rangeSet(setOf(''), '0', '9');
  if (name === 's') return setOf(' \t\n\r\f\v\u00a0');
  if (name === 'w') return rangeSet(rangeSet(rangeSet(setOf('_'), '0', '9'), 'a', 'z'), 'A', 'Z');
  return undefined;
}

function parseClass(cursor: Cursor): Uint8Array {
  const negated = skip(cursor, '^');
  const accepts = setOf('');
  while (!skip(cursor, ']')) addClassItem(cursor, accepts);
  return negated ? complement(accepts) : accepts;
}

function addClassItem(cursor: Cursor, accepts: Uint8Array): void {
  const from = parseClassMember(cursor);
  const isRange = peek(cursor) === '-' && cursor.source[cursor.at + 1] !== ']';
  if (!isRange) return addAll(accepts, typeof from === 'string' ? setOf(from) : from);
  cursor.at += 1;
  const to = parseClassMember(cursor);
  if (typeof from !== 'string' || typeof to !== 'string' || from > to) {
    throw new UnsupportedPatternError(`a range of a character class is malformed at ${cursor.at}`);
  }
  rangeSet(accepts, from, to);
}

function parseClassMember(cursor: Cursor): string | Uint8Array {
  const character = take(cursor);
  if (character === '\\') return parseEscapedSet(cursor);
  if (character === '[') throw new UnsupportedPatternError('"[" in a character class must be escaped');
  return literalOf(character).literal;
}

function literalOf(character: string) {
  if (character.charCodeAt(0) > 0xff)
    throw new UnsupportedPatternError('only Latin-1 characters are supported');
  return { kind: 'character', accepts: setOf(character), literal: character } as const;
}

function setOf(characters: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const character of characters) set[character.charCodeAt(0)] = 1;
  return set;
}

function rangeSet(set: Uint8Array, from: string, to: string): Uint8Array {
  return set.fill(1, from.charCodeAt(0), to.charCodeAt(0) + 1);
}

function complement(set: Uint8Array): Uint8Array {
  return set.map((byte) => 1 - byte);
}

function addAll(set: Uint8Array, more: Uint8Array): void {
  for (const [code, byte] of more.entries()) if (byte === 1) set[code] = 1;
}

function peek(cursor: Cursor): string {
  return cursor.source[cursor.at] ?? '';
}

function take(cursor: Cursor): string {
  const character = peek(cursor);
  if (character === '') throw new UnsupportedPatternError('the pattern ends too early');
  cursor.at += 1;
  return character;
}

function skip(cursor: Cursor, text: string): boolean {
  if (!cursor.source.startsWith(text, cursor.at)) return false;
  cursor.at += text.length;
  return true;
}
