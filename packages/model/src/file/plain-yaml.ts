/**
 * readPlainYaml: a reader for the YAML that nearly all files are written in: maps and lists by indentation, values on
 * one line. It is many times faster than the parser that knows where everything stands, which is asked for all other
 * files, and for files with problems. Thousands of files are read when a large platform starts.
 */

import { isAtEnd, NotPlain, readKey, readPlainValue, type LineCursor } from './plain-value.ts';

/** Printable ASCII; no tabs, which YAML does not take for indentation. */
const PLAIN_TEXT = /^[\n -~]*$/;
const NOTHING = /^ *(?:#.*)?$/;
const DASH = /- +(?=[^ #])/y;

interface Line extends LineCursor {
  /** Columns before the text; a dash and the spaces after it count for what follows it on its line. */
  indent: number;
}

interface Lines {
  readonly all: readonly Line[];
  next: number;
}

/** The same value that a YAML 1.2 parser gives, or undefined where the text is not plain, whether or not it is valid. */
export function readPlainYaml(text: string): { readonly value: unknown } | undefined {
  if (!PLAIN_TEXT.test(text)) return undefined;
  try {
    const lines = { all: splitLines(text), next: 0 };
    const first = lines.all[0];
    if (first?.indent !== 0) return undefined;
    const value = readBlock(lines, first);
    return lines.next === lines.all.length ? { value } : undefined;
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

function splitLines(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    if (NOTHING.test(line)) return [];
    const indent = line.search(/[^ ]/);
    return [{ line, at: indent, indent }];
  });
}

/** The map or the list that begins with `first`, which is the next line. */
function readBlock(lines: Lines, first: Line): unknown {
  return isItem(first) ? readItems(lines, first.indent) : readFields(lines, first.indent);
}

function readFields(lines: Lines, indent: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (let line = lineAt(lines, indent); line !== undefined; line = lineAt(lines, indent)) {
    const key = readKey(line);
    if (key === undefined || Object.hasOwn(map, key)) throw new NotPlain();
    lines.next += 1;
    map[key] = isAtEnd(line) ? readBelow(lines, indent) : readPlainValue(line);
  }
  return map;
}

/** The value of a key that has none on its line; a list need not be indented. */
function readBelow(lines: Lines, indent: number): unknown {
  const below = lines.all[lines.next];
  if (below === undefined) return null;
  return below.indent > indent || (below.indent === indent && isItem(below)) ? readBlock(lines, below) : null;
}

function readItems(lines: Lines, indent: number): unknown[] {
  const items: unknown[] = [];
  for (let line = itemAt(lines, indent); line !== undefined; line = itemAt(lines, indent)) {
    items.push(readItem(lines, line));
  }
  return items;
}

function readItem(lines: Lines, line: Line): unknown {
  line.at = DASH.lastIndex;
  line.indent = line.at;
  const start = line.at;
  const isMap = readKey(line) !== undefined;
  line.at = start;
  if (isMap) return readFields(lines, line.indent);
  lines.next += 1;
  return readPlainValue(line);
}

/** The next line when it belongs to the block of this indentation; less ends the block, more is not plain. */
function lineAt(lines: Lines, indent: number): Line | undefined {
  const line = lines.all[lines.next];
  if (line === undefined || line.indent < indent) return undefined;
  if (line.indent > indent) throw new NotPlain();
  return line;
}

/** In a list that is not indented, the next key of the map around it ends the list. */
function itemAt(lines: Lines, indent: number): Line | undefined {
  const line = lineAt(lines, indent);
  return line !== undefined && isItem(line) ? line : undefined;
}

/** Leaves in DASH where the item's text begins. */
function isItem({ line, at }: Line): boolean {
  DASH.lastIndex = at;
  return DASH.test(line);
}
