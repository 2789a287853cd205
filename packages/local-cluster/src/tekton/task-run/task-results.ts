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
  const results: TaskResult[] = [];
  for (const { spec } of written) {
    const result = parseResult(spec, readFileSync(join(directory, spec.name), 'utf8'));
    if (!result.ok) return result;
    results.push(result.value);
  }
  return ok(results);
}

export interface ResultFailure {
  /** `too-large`: the step that wrote them fails; `mismatched`: the TaskRun fails. */
  readonly kind: 'too-large' | 'mismatched';
  readonly message: string;
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
  };
}

function parseResult(spec: ResultSpec, text: string): Result<TaskResult, ResultFailure> {
  const type = spec.type ?? (spec.properties === undefined ? 'string' : 'object');
  if (type === 'string') return ok({ name: spec.name, type, value: text });
  const value = parseJson(text);
  if (type === 'array' && Array.isArray(value))
    return ok({ name: spec.name, type, value: value.map(String) });
  if (type === 'object' && isRecord(value)) return objectResult(spec, value);
  return err({
    kind: 'mismatched',
    message: `Provided results don't match declared results; may be invalid JSON or missing result declaration: "${spec.name}": task result is expected to be "${type}" type but was initialized to a different type "string"`,
  });
}

function objectResult(spec: ResultSpec, value: Record<string, unknown>): Result<TaskResult, ResultFailure> {
  const missing = Object.keys(spec.properties ?? {}).filter((key) => value[key] === undefined);
  if (missing.length > 0) {
    return err({
      kind: 'mismatched',
      message: `missing keys for these results which are required in TaskResult's properties ${spec.name}: [${missing.join(' ')}]`,
    });
  }
  const texts = Object.entries(value).map(([key, part]) => [
    key,
    typeof part === 'string' ? part : JSON.stringify(part),
  ]);
  return ok({ name: spec.name, type: 'object', value: Object.fromEntries(texts) });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
