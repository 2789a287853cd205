/** imagesBuild: makes the images of the matrix, and pushes them when asked to. */

import { parseImageMatrix, type ImageMatrix } from '@tekton-dag/model';
import { dirname, resolve } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { createAskRegistry } from '../images/ask-registry.ts';
import { buildImages, type BuiltImage } from '../images/build-images.ts';
import { detectEngine } from '../images/detect-engine.ts';
import type { EngineName } from '../images/engine.ts';
import { planImages, type ImagePlan, type PassedOver } from '../images/plan-images.ts';
import { parseEpoch, readSource } from '../images/read-source.ts';
import { createRunEngine } from '../images/run-engine.ts';
import { parseAssignments } from '../parse-assignments.ts';
import { readInputFile, type InputOptions } from '../read-input-file.ts';
import { renderData } from '../render/objects.ts';

export interface ImagesOptions extends InputOptions {
  readonly matrix: string;
  readonly registry?: string;
  readonly only?: readonly string[];
  readonly tool?: readonly string[];
  readonly variant?: readonly string[];
  readonly buildArg?: readonly string[];
  readonly base?: readonly string[];
  readonly output?: 'json' | 'yaml';
}

export interface ImagesBuildOptions extends ImagesOptions {
  readonly engine?: EngineName;
  readonly push?: boolean;
  readonly force?: boolean;
}

/** stdout has a line for each image: `<reference>[@<digest>]`; stderr what the engine says. */
export async function imagesBuild(host: CliHost, options: ImagesBuildOptions): Promise<number> {
  const { matrix, plan } = await readImagePlan(host, options);
  if (options.push === true && options.registry === undefined)
    throw new CliFailure(EXIT.usage, '--push needs --registry', `the matrix names ${matrix.registry}`);
  const run = createRunEngine(host);
  const engine = await detectEngine(run, options.engine);
  const epoch = host.env['SOURCE_DATE_EPOCH'];
  for (const image of plan.passedOver) host.stderr.write(`${explainPassedOver(image)}\n`);
  const images = await buildImages(plan, {
    engine,
    run,
    registry: await createAskRegistry(host),
    labels: { matrix, source: await readSource(run, directoryOf(host, options), epoch) },
    timestampSeconds: parseEpoch(epoch),
    push: options.push === true,
    force: options.force === true,
    report: (image) => host.stderr.write(`${image.references[0]}: ${image.built ? 'made' : 'unchanged'}\n`),
  });
  host.stdout.write(
    options.output === undefined
      ? images.map((image) => `${fullReference(image)}\n`).join('')
      : await renderData(images.map(viewOf), options.output),
  );
  return EXIT.ok;
}

/** The matrix and what the options choose of it; CliFailure for bad input. */
export async function readImagePlan(
  host: CliHost,
  options: ImagesOptions,
): Promise<{ matrix: ImageMatrix; plan: ImagePlan }> {
  const matrix = await readInputFile(host, options.matrix, parseImageMatrix, options);
  const plan = planImages(matrix, {
    directory: directoryOf(host, options),
    registry: options.registry,
    only: [...(options.only ?? []), ...(options.tool ?? []).map((tool) => `tekton-dag-build-${tool}`)],
    variants: options.variant ?? [],
    args: parseAssignments(options.buildArg ?? [], '--build-arg'),
    bases: parseAssignments(options.base ?? [], '--base'),
  });
  if (plan.ok) return { matrix, plan: plan.value };
  throw new CliFailure(EXIT.invalidInput, plan.error.join('\n       '));
}

/** `<name>: passed over, ...`. */
export function explainPassedOver({ name, missing }: PassedOver): string {
  return `${name}: passed over, for want of --build-arg ${missing.map((arg) => `${arg}=...`).join(' --build-arg ')}`;
}

function directoryOf(host: CliHost, { matrix }: ImagesOptions): string {
  return dirname(resolve(host.cwd, matrix));
}

function fullReference({ references: [reference = ''], digest }: BuiltImage): string {
  return digest === undefined ? reference : `${reference}@${digest}`;
}

function viewOf(image: BuiltImage): object {
  const { name, tag, references, digest, contentHash, built } = image;
  return { name, tag, image: fullReference(image), references, digest, contentHash, built };
}
