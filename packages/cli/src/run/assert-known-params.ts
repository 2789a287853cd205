/** assertKnownParams: refuses params that no pipeline of the runs declares; Tekton would pass them over in silence. */

import { closestName, type PipelineRun } from '@tekton-dag/model';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { findOwnCheckout } from '../catalog/find-checkout.ts';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';

const pipelineSchema = z.object({ spec: z.object({ params: z.array(z.object({ name: z.string() })) }) });

/** Knows the pipelines of the program's own checkout; without one, or for other pipelines, everything passes. */
export async function assertKnownParams(...runs: readonly PipelineRun[]): Promise<void> {
  const pipelines = runs.map(({ spec }) => spec.pipelineRef?.name ?? '');
  const declarations = await Promise.all(pipelines.map(readDeclaredParams));
  if (declarations.includes(undefined)) return;
  const declared = declarations.flatMap((names = []) => names);
  const given = new Set(runs.flatMap(({ spec }) => (spec.params ?? []).map(({ name }) => name)));
  const unknown = [...given].filter((name) => !declared.includes(name));
  if (unknown.length === 0) return;
  const closest = closestName(unknown[0] ?? '', declared);
  const hint = closest === undefined ? `its params are ${declared.join(', ')}` : `did you mean ${closest}?`;
  throw new CliFailure(
    EXIT.usage,
    `pipeline ${pipelines.join(' or ')} has no param ${unknown.join(', ')}`,
    hint,
  );
}

async function readDeclaredParams(pipeline: string): Promise<string[] | undefined> {
  const checkout = findOwnCheckout();
  if (checkout === undefined) return undefined;
  const { parse } = await import('yaml');
  const text = await readFile(join(checkout, 'pipeline', `${pipeline}.yaml`), 'utf8').catch(() => '');
  const parsed = pipelineSchema.safeParse(parse(text));
  return parsed.success ? parsed.data.spec.params.map(({ name }) => name) : undefined;
}
