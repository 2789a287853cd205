/** Results that steps wrote to files, read back and checked. */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import type { ParamType, ParamValue } from '../specs/param-value.ts';
import type { ResultSpec } from '../specs/task-spec.ts';
import { isRecord } from '../substitution/substitute.ts';

/** What all results of a TaskRun may weigh: the termination message limit of a container (Tekton: max-result-size). */
const MAX_RESULTS_BYTES = 4096;

export interface TaskResult {
  readonly name: string;
  readonly type: ParamType;
  readonly value: ParamValue;
}

/** Reads the declared results that exist in a directory; fails when they weigh too much or are of the wrong type. */
export function readResults(
  directory: string,
  declared: readonly ResultSpec[],
): Result<TaskResult[], ResultFailure> {
  const written = declared.flatMap((spec) => {
    const sizeBytes = fileSize(join(directory, spec.name));
    return sizeBytes === undefined ? [] : [{ spec, sizeBytes }];
  });
  const failure = checkSize(written);
  if (failure !== undefined) return err(failure);
  const parsed = written.map(({ spec }) =>
    parseResult(spec, readFileSync(join(directory, spec.name), 'utf8')),
  );
  const results = parsed.flatMap(({ result }) => result ?? []);
  const problem = parsed.flatMap(({ problem }) => problem ?? [])[0];
  if (problem === undefined) return ok(results);
  return err({ kind: 'mismatched', message: `[User error] ${problem}`, results });
}

interface ParsedResult {
  readonly result?: TaskResult;
  /** An object that lacks keys is a result all the same. */
  readonly problem?: string;
}

export interface ResultFailure {
  /** `too-large`: the step that wrote them fails; `mismatched`: the TaskRun fails. */
  readonly kind: 'too-large' | 'mismatched';
  readonly message: string;
  /** What could be read. */
  readonly results: readonly TaskResult[];
}

function fileSize(path: string): number | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats.size : undefined;
}

interface WrittenResult {
  readonly spec: ResultSpec;
  readonly sizeBytes: number;
}

/** What Tekton adds to each result in the termination message: key, type and quotes. */
const OVERHEAD_BYTES = '{"key":"","value":"","type":1},'.length;

function checkSize(written: readonly WrittenResult[]): ResultFailure | undefined {
  const total = written.reduce(
    (sum, { spec, sizeBytes }) => sum + sizeBytes + spec.name.length + OVERHEAD_BYTES,
    0,
  );
  if (total <= MAX_RESULTS_BYTES) return undefined;
  const sizes = written.map(({ spec, sizeBytes }) => `"${spec.name}" ${sizeBytes} bytes`).join(', ');
  return {
    kind: 'too-large',
    message: `Termination message is above max allowed size ${MAX_RESULTS_BYTES}, caused by large task result: ${sizes}.`,
    results: [],
  };
}

function parseResult(spec: ResultSpec, text: string): ParsedResult {
  const type = spec.type ?? (spec.properties === undefined ? 'string' : 'object');
  const { name } = spec;
  if (type === 'string') return { result: { name, type, value: text } };
  const value = parseJson(text);
  if (type === 'array' && Array.isArray(value)) return { result: { name, type, value: value.map(String) } };
  if (type === 'object' && isRecord(value)) return objectResult(spec, value);
  return {
    problem: `Provided results don't match declared results; may be invalid JSON or missing result declaration:  "${name}": task result is expected to be "${type}" type but was initialized to a different type "string"`,
  };
}

function objectResult({ name, properties }: ResultSpec, value: Record<string, unknown>): ParsedResult {
  const missing = Object.keys(properties ?? {}).filter((key) => value[key] === undefined);
  const texts = Object.entries(value).map(([key, part]) => [
    key,
    typeof part === 'string' ? part : JSON.stringify(part),
  ]);
  const result: TaskResult = { name, type: 'object', value: Object.fromEntries(texts) };
  if (missing.length === 0) return { result };
  return {
    result,
    problem: `missing keys for these results which are required in TaskResult's properties map[${name}:[${missing.join(' ')}]]`,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
