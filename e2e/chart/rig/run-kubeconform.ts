/** runKubeconform: objects against the schemas of e2e/chart/schemas (https://github.com/yannh/kubeconform). */

import { findProgram } from './find-program.ts';
import { CHECKOUT } from './render-release.ts';
import { runProgram, type ProgramOutcome } from './run-program.ts';

const MODULE = 'github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0';
const SCHEMAS = `${CHECKOUT}/e2e/chart/schemas/{{.ResourceKind}}{{.KindSuffix}}.json`;

/** The program and its first arguments: the installed one, else Go makes it; undefined where neither is there. */
export function findKubeconform(): readonly [string, ...string[]] | undefined {
  const installed = findProgram('kubeconform');
  if (installed !== undefined) return [installed];
  const go = findProgram('go');
  return go === undefined ? undefined : [go, 'run', MODULE];
}

/** Strict: unknown fields, keys that are there twice, and kinds without a schema are errors. */
export async function runKubeconform(
  [program, ...args]: readonly [string, ...string[]],
  yaml: string,
): Promise<ProgramOutcome> {
  const options = ['-strict', '-summary', '-schema-location', SCHEMAS];
  return await runProgram(program, [...args, ...options], { input: yaml });
}
