/** YamlSource: a parsed YAML file that still knows where each of its values was written. */

import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import type { Diagnostic } from '../diagnostic.ts';
import { err, ok, type Result } from '../result.ts';

/** Keys and indexes from the root. */
export type Path = readonly PropertyKey[];

/** Where a diagnostic points. */
export type Place = Pick<Diagnostic, 'file' | 'line' | 'column' | 'endColumn'>;

export interface YamlSource {
  /** Plain data: null, booleans, numbers, strings, arrays, objects. */
  readonly value: unknown;
  /** The place of the value at a path, or of the nearest thing around it that exists. */
  placeOf(path: Path): Place;
  /** The place of the last key of a path. */
  placeOfKey(path: Path): Place;
}

type Parsed = Document.Parsed;

/** Reads one YAML 1.2 document. All syntax errors, duplicate keys, unknown tags and keys that are no texts at once. */
export function readYaml(text: string, file: string): Result<YamlSource, Diagnostic[]> {
  const lines = new LineCounter();
  const place = (start: number, end: number): Place => placeBetween(text, lines, file, [start, end]);
  try {
    const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    const problems = [...syntaxProblems(doc, place), ...nodeProblems(doc, place)];
    if (problems.length > 0) return err(problems);
    return ok({
      value: doc.toJS({ maxAliasCount: 100 }),
      placeOf: (path) => place(...rangeOfValue(doc, path)),
      placeOfKey: (path) => place(...rangeOfKey(doc, path)),
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the text cannot be read';
    return err([{ ...place(0, 0), message, code: 'yaml-syntax' }]);
  }
}

type PlaceOfRange = (start: number, end: number) => Place;

function syntaxProblems(doc: Parsed, place: PlaceOfRange): Diagnostic[] {
  return [...doc.errors, ...doc.warnings].map(({ pos, code, message }) => ({
    ...place(...pos),
    message: message.replace(/\s+/g, ' '),
    code: code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'yaml-syntax',
  }));
}

/** Keys that a JavaScript object cannot hold as they are written, and aliases of anchors that are not there. */
function nodeProblems(doc: Parsed, place: PlaceOfRange): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const report = (node: unknown, code: string, message: string): void => {
    problems.push({ ...place(...rangeOf(node)), message, code });
  };
  const anchors = new Set<string | undefined>();
  visit(doc, {
    Value: (_, { anchor }) => void anchors.add(anchor),
    Alias: (_, node) => {
      if (!anchors.has(node.source)) report(node, 'yaml-syntax', `no anchor is named ${node.source}`);
    },
    Pair: (_, { key }) => {
      const fit = isScalar(key) && typeof key.value !== 'object' && key.value !== '__proto__';
      if (!fit) report(key, 'bad-key', 'this cannot be a key');
    },
  });
  return problems;
}

type Range = readonly [start: number, end: number];

function rangeOf(node: unknown): [start: number, end: number] {
  const holder: { range?: readonly number[] | null } = typeof node === 'object' && node !== null ? node : {};
  return [holder.range?.[0] ?? 0, holder.range?.[1] ?? 0];
}

function rangeOfValue(doc: Parsed, path: Path): [number, number] {
  const { node, pair, rest } = walk(doc, path);
  // What is missing is shown at the key of the object that lacks it; what is null, at its own key.
  if (pair !== undefined && (rest > 0 || isEmpty(node))) return rangeOf(pair.key);
  if (rest > 0 && isMap(node)) return rangeOf(node.items[0]?.key ?? node);
  return rangeOf(node);
}

function rangeOfKey(doc: Parsed, path: Path): [number, number] {
  const { pair, rest, node } = walk(doc, path);
  return rangeOf(rest === 0 && pair !== undefined ? pair.key : node);
}

function isEmpty(node: unknown): boolean {
  const [start, end] = rangeOf(node);
  return start === end;
}

interface Walked {
  readonly node: unknown;
  /** The pair that holds the node; undefined in a list and at the root. */
  readonly pair: Pair | undefined;
  /** How many steps of the path lead nowhere. */
  readonly rest: number;
}

function walk(doc: Parsed, path: Path): Walked {
  let found: Walked = { node: doc.contents, pair: undefined, rest: path.length };
  for (const step of path) {
    const next = childOf(resolve(doc, found.node), step);
    if (next === undefined) break;
    found = { ...next, rest: found.rest - 1 };
  }
  return found;
}

function resolve(doc: Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(doc) : node;
}

function childOf(node: unknown, step: PropertyKey): Omit<Walked, 'rest'> | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair === undefined ? undefined : { node: pair.value, pair };
  }
  if (!isSeq(node) || typeof step !== 'number' || step >= node.items.length) return undefined;
  const item = node.items[step];
  return isPair(item) ? undefined : { node: item, pair: undefined };
}

function placeBetween(text: string, lines: LineCounter, file: string, [start, end]: Range): Place {
  const { line, col } = lines.linePos(start);
  const newline = text.indexOf('\n', start);
  const lineEnd = newline < 0 ? text.length : newline;
  const length = Math.max(0, Math.min(end, lineEnd) - start);
  return { file, line: Math.max(1, line), column: Math.max(1, col), endColumn: Math.max(1, col) + length };
}
