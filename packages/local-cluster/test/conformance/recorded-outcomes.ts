/** What real Tekton made of each case, as it was recorded; and what the local cluster is expected to make of it. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import type { ConformanceCase } from './read-case.ts';
import type { Outcome } from './reduce-outcome.ts';

const DIRECTORY = join(import.meta.dirname, 'outcomes');
const recordSchema = z.record(z.string(), z.unknown());

const pathOf = (name: string): string => join(DIRECTORY, `${name}.json`);

export function readOutcome(name: string): Outcome {
  if (!existsSync(pathOf(name))) throw new Error(`${name} has no recorded outcome; record.ts makes it`);
  return recordSchema.parse(JSON.parse(readFileSync(pathOf(name), 'utf8')));
}

export async function writeOutcome(name: string, outcome: Outcome): Promise<void> {
  mkdirSync(DIRECTORY, { recursive: true });
  const path = pathOf(name);
  writeFileSync(
    path,
    await format(JSON.stringify(outcome), { ...(await resolveConfig(path)), filepath: path }),
  );
}

/** The recorded outcome with the differences that the case lists. */
export function expectedLocally({ name, differs }: ConformanceCase): Outcome {
  return merge(readOutcome(name), differs?.local ?? {});
}

function merge(outcome: Outcome, changes: Outcome): Outcome {
  const merged: Record<string, unknown> = { ...outcome };
  for (const [field, change] of Object.entries(changes)) {
    const before = recordSchema.safeParse(merged[field]);
    const inner = recordSchema.safeParse(change);
    if (change === null) delete merged[field];
    else merged[field] = before.success && inner.success ? merge(before.data, inner.data) : change;
  }
  return merged;
}
