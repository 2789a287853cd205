/** The golden files: what the chart renders, as it was looked at last. */

import { readFile, writeFile } from 'node:fs/promises';
import { CHECKOUT } from './render-release.ts';

export type GoldenState = 'same' | 'differs' | 'missing';

function pathOf(name: string): string {
  return `${CHECKOUT}/e2e/chart/golden/${name}.yaml`;
}

export async function compareGolden(name: string, rendered: string): Promise<GoldenState> {
  const golden = await readFile(pathOf(name), 'utf8').catch(() => undefined);
  if (golden === undefined) return 'missing';
  return golden === comparable(rendered) ? 'same' : 'differs';
}

export async function writeGolden(name: string, rendered: string): Promise<void> {
  await writeFile(pathOf(name), comparable(rendered));
}

/**
 * Without the Tasks and Pipelines, which are compared with their files; what else is made of those files, so that a golden
 * file changes with the chart alone.
 */
export function comparable(rendered: string): string {
  return rendered
    .split(/^---\n/m)
    .filter((document) => !/^kind: (?:Task|Pipeline)$/m.test(document))
    .join('---\n');
}
