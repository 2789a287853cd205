/** schemaDiagnostics: what zod refused, in the words of the file's author. */

import { z } from 'zod';
import type { Diagnostic } from '../diagnostic.ts';
import { present } from '../present.ts';
import { closestName } from './closest-name.ts';
import { formatOfPattern } from './formats.ts';
import { valueAt } from './value-at.ts';
import type { Path, YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;
type Words = Pick<Diagnostic, 'message' | 'code'> & { readonly hint?: string | undefined };

/** Of one map; to find the place of each costs time that grows with their number. */
const MAX_UNKNOWN_KEYS = 50;

/** Hints for keys that other versions of the format knew. */
const RETIRED_KEYS: Readonly<Record<string, string>> = {
  'image-registry': 'the registry comes from the team file or the pipeline param image-registry',
  strategy: 'the session always travels in the header and in W3C baggage',
};

/** One diagnostic per problem; unknown keys are told one by one. */
export function schemaDiagnostics(
  issues: readonly Issue[],
  schema: z.ZodType,
  source: YamlSource,
): Diagnostic[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue, schema, source);
    const path = issue.path;
    if (issue.code === 'invalid_key') return [withHint(source.placeOfKey(path), wordsForKey(issue))];
    return [withHint(source.placeOf(path), wordsFor(issue, valueAt(source.value, path)))];
  });
}

function withHint(place: ReturnType<YamlSource['placeOf']>, { hint, ...words }: Words): Diagnostic {
  return { ...place, ...words, ...present({ hint }) };
}

function unknownKeys(
  issue: z.core.$ZodIssueUnrecognizedKeys,
  schema: z.ZodType,
  source: YamlSource,
): Diagnostic[] {
  const known = knownKeys(schema, issue.path);
  const shown = issue.keys.slice(0, MAX_UNKNOWN_KEYS).map((key) => {
    const hint = RETIRED_KEYS[key] ?? didYouMean(key, known);
    const message = `unknown key ${quote(key)}`;
    return withHint(source.placeOfKey([...issue.path, key]), { message, hint, code: 'unknown-key' });
  });
  const more = issue.keys.length - shown.length;
  if (more === 0) return shown;
  const message = `${more} more unknown keys`;
  return [...shown, { ...source.placeOf(issue.path), message, code: 'unknown-key' }];
}

function wordsForKey(issue: z.core.$ZodIssueInvalidKey): Words {
  const [inner] = issue.issues;
  return inner === undefined
    ? { message: 'this cannot be a key', code: 'bad-key' }
    : wordsFor(inner, issue.path.at(-1));
}

function wordsFor(issue: Issue, value: unknown): Words {
  const key = issue.path.findLast((step) => typeof step === 'string') ?? '';
  if (value === undefined) return { message: `missing key ${quote(key)}`, code: 'missing-key' };
  if (issue.code === 'invalid_type') return wrongType(issue.expected, value);
  if (issue.code === 'invalid_value') return unknownValue(key, issue.values, value);
  if (issue.code === 'invalid_format') return badFormat(issue, value);
  if (issue.code === 'invalid_union') return wordsForUnion(issue, key, value);
  return (
    wordsForSize(issue, key, value) ?? {
      message: `${show(value)} is not valid`,
      hint: issue.message,
      code: 'bad-value',
    }
  );
}

function wordsForSize(issue: Issue, key: string, value: unknown): Words | undefined {
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return undefined;
  if (typeof value === 'number') return key.endsWith('port') ? badPort(value) : outOfRange(issue, value);
  return { message: Array.isArray(value) ? 'this list is empty' : 'this text is empty', code: 'empty' };
}

function outOfRange(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, value: number): Words {
  const hint = issue.code === 'too_small' ? `the least is ${issue.minimum}` : `the most is ${issue.maximum}`;
  return { message: `${value} is out of range`, hint, code: 'bad-value' };
}

function wrongType(expected: string, value: unknown): Words {
  const scalar = expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
  return {
    message: `expected ${nameOfType(expected)}, found ${show(value)}`,
    hint: scalar ? `put it in quotes: "${String(value)}"` : undefined,
    code: 'wrong-type',
  };
}

function nameOfType(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    array: 'a list',
    object: 'a map',
    record: 'a map',
    boolean: 'true or false',
    int: 'a whole number',
    number: 'a number',
  };
  return names[expected] ?? expected;
}

function unknownValue(key: string, values: readonly unknown[], value: unknown): Words {
  const known = values.map(String);
  return {
    message: `unknown ${key === '' ? 'value' : key} ${show(value)}`,
    hint: didYouMean(String(value), known) ?? `use one of: ${known.join(', ')}`,
    code: 'unknown-value',
  };
}

/** A pattern that is no format of ours has its hint as the schema's own message. */
function badFormat({ pattern, message }: z.core.$ZodIssueInvalidStringFormat, value: unknown): Words {
  const format = formatOfPattern(pattern);
  if (format === undefined) {
    const hint = message.startsWith('Invalid') ? undefined : message;
    return { message: `${show(value)} is not valid`, hint, code: 'bad-value' };
  }
  return { message: `${show(value)} ${format.message}`, hint: format.hint, code: format.code };
}

/** What is wrong by the form that the value has; where it has none of the forms, by the first. */
function wordsForUnion(issue: z.core.$ZodIssueInvalidUnion, key: string, value: unknown): Words {
  if (key.toLowerCase().endsWith('port')) return badPort(value);
  const alternatives = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  const ofForm = alternatives.find(({ code, path }) => code !== 'invalid_type' || path.length > 0);
  const [inner = issue] = ofForm === undefined ? alternatives : [ofForm];
  if (inner.code === 'invalid_union') return { message: `${show(value)} is not valid`, code: 'bad-value' };
  return wordsFor(inner, valueAt(value, inner.path));
}

/** Ports are the one place where a number and a text of digits are the same. */
function badPort(value: unknown): Words {
  return {
    message: `${show(value)} is not a port`,
    hint: 'write a whole number from 1 to 65535',
    code: 'bad-port',
  };
}

/** The keys an object at a path may have, read off the schema's JSON Schema. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  let part: unknown = z.toJSONSchema(schema, { io: 'input' });
  for (const step of path) {
    const map = mapOf(part);
    part =
      typeof step === 'number'
        ? valueAt(part, ['items'])
        : (valueAt(map, ['properties', step]) ?? valueAt(map, ['additionalProperties']));
  }
  const properties = valueAt(mapOf(part), ['properties']);
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** Of alternatives the one that is a map: the other may be null. */
function mapOf(part: unknown): unknown {
  const alternatives = valueAt(part, ['anyOf']);
  if (!Array.isArray(alternatives)) return part;
  return alternatives.find((alternative) => valueAt(alternative, ['type']) === 'object') ?? part;
}

function didYouMean(word: string, known: readonly string[]): string | undefined {
  const closest = closestName(word, known);
  return closest === undefined ? undefined : `did you mean ${quote(closest)}?`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'nothing';
  return Array.isArray(value) ? 'a list' : 'a map';
}

/** JSON's quoting, shortened: a value of any length stays on its line. Credentials in a URL are not repeated. */
function quote(text: string): string {
  const shown = text.replaceAll(/(?<=:\/\/)[^/@\s]*@/g, '...@').replace(/^(.{77}).{4}.*$/su, '$1...');
  return JSON.stringify(shown)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}
