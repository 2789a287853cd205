/** assertKnownParams: refuses params that the run's pipeline does not declare; Tekton would pass them over in silence. */

import { closestName, type PipelineRun } from '@tekton-dag/model';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { findOwnCheckout } from '../catalog/find-checkout.ts';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';

const pipelineSchema = z.object({ spec: z.object({ params: z.array(z.object({ name: z.string() })) }) });

/** Knows the pipelines of the program's own checkout; without one, or for other pipelines, everything passes. */
export async function assertKnownParams(run: PipelineRun): Promise<void> {
  const pipeline = run.spec.pipelineRef?.name ?? '';
  const declared = await readDeclaredParams(pipeline);
  if (declared === undefined) return;
  const unknown = (run.spec.params ?? []).map(({ name }) => name).filter((name) => !declared.includes(name));
  if (unknown.length === 0) return;
  const closest = closestName(unknown[0] ?? '', declared);
  const hint = closest === undefined ? `its params are ${declared.join(', ')}` : `did you mean ${closest}?`;
  throw new CliFailure(EXIT.usage, `pipeline ${pipeline} has no param ${unknown.join(', ')}`, hint);
}

async function readDeclaredParams(pipeline: string): Promise<string[] | undefined> {
  const checkout = findOwnCheckout();
  if (checkout === undefined) return undefined;
  const { parse } = await import('yaml');
  const text = await readFile(join(checkout, 'pipeline', `${pipeline}.yaml`), 'utf8').catch(() => '');
  const parsed = pipelineSchema.safeParse(parse(text));
  return parsed.success ? parsed.data.spec.params.map(({ name }) => name) : undefined;
}
