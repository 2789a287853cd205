/** parseFile: text of an input file to a checked value, or every problem of the file at once. */

import type { z } from 'zod';
import type { Diagnostic } from '../diagnostic.ts';
import { err, ok, type Result } from '../result.ts';
import { readYamlValue } from './read-yaml-value.ts';
import { schemaDiagnostics } from './schema-diagnostics.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** Checks that look at the whole file; they run whether or not the schema was met. */
export type Check = (source: YamlSource) => readonly Diagnostic[];

/** Reads YAML, meets it with the schema, runs the checks; problems come in the order of the file. */
export function parseFile<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  check: Check = () => [],
): Result<z.output<S>, Diagnostic[]> {
  const quick = parseQuickly(text, file, schema, check);
  if (quick !== undefined) return ok(quick.data);
  const yaml = readYaml(text, file);
  if (!yaml.ok) return yaml;
  const source = yaml.value;
  const parsed = schema.safeParse(source.value);
  const issues = parsed.success ? [] : schemaDiagnostics(parsed.error.issues, schema, source);
  const problems = [...issues, ...check(source)];
  if (problems.length > 0 || !parsed.success) return err(inOrder(problems));
  return ok(parsed.data);
}

/** The quick way, for files without a problem: nobody asks where anything stands. */
function parseQuickly<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  check: Check,
): z.ZodSafeParseSuccess<z.output<S>> | undefined {
  const read = readYamlValue(text);
  if (read === undefined) return undefined;
  const parsed = schema.safeParse(read.value);
  const nowhere = () => ({ file, line: 1, column: 1 });
  const hasProblems = !parsed.success || check({ ...read, placeOf: nowhere, placeOfKey: nowhere }).length > 0;
  return hasProblems ? undefined : parsed;
}

/** By place; what an alias repeats is told once. */
function inOrder(problems: readonly Diagnostic[]): Diagnostic[] {
  const known = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...known.values()].toSorted(byPlace);
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.line - b.line || a.column - b.column;
}
