/** renderRelease: what `helm template` makes of the chart and values. */

import { resolve } from 'node:path';
import { findProgram } from './find-program.ts';
import { runProgram, type ProgramOutcome } from './run-program.ts';

export const CHECKOUT = resolve(import.meta.dirname, '../../..');
export const CHART = `${CHECKOUT}/helm/tekton-dag`;

/** Helm has one of its own as long as no cluster is asked. */
export const KUBE_VERSION = '1.34.0';

/** Undefined where Helm is missing: what needs it is skipped, and says so. */
export const HELM = findProgram('helm');

export interface Release {
  readonly name?: string;
  readonly namespace?: string;
  readonly chart?: string;
  /** Files with values, absolute or in the checkout. */
  readonly files?: readonly string[];
  /** Values after those of the files, as JSON texts by path. */
  readonly set?: Readonly<Record<string, unknown>>;
}

/** The outcome is Helm's own, but without what it says of links. */
export async function renderRelease(release: Release = {}): Promise<ProgramOutcome> {
  return await runHelm(['template', ...argumentsOf(release), '--kube-version', KUBE_VERSION]);
}

export function argumentsOf({
  name = 'tekton-dag',
  namespace = 'default',
  chart = CHART,
  files = [],
  set = {},
}: Release): string[] {
  const values = files.flatMap((file) => ['--values', resolve(CHECKOUT, file)]);
  const single = Object.entries(set).flatMap(([path, value]) => [
    '--set-json',
    `${path}=${JSON.stringify(value)}`,
  ]);
  return [name, chart, '--namespace', namespace, ...values, ...single];
}

export async function runHelm(args: readonly string[]): Promise<ProgramOutcome> {
  if (HELM === undefined) throw new Error('helm is not on the PATH');
  const outcome = await runProgram(HELM, args);
  const stderr = outcome.stderr.replaceAll(/^.*found symbolic link in path.*\n/gm, '');
  return { ...outcome, stderr };
}

/** The text of a release that must render. */
export async function renderGood(release: Release = {}): Promise<string> {
  const { code, stdout, stderr } = await renderRelease(release);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}
