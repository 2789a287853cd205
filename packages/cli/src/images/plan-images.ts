/** planImages: which images to make, in which order, out of the matrix and what the user asked for; pure. */

import {
  closestName,
  err,
  ok,
  type ImageMatrix,
  type MatrixImage,
  type MatrixVariant,
  type Result,
} from '@tekton-dag/model';
import { posix } from 'node:path';
import type { ImageBase, ImageBuild } from './image-build.ts';

export interface ImageRequest {
  /** Absolute path of the directory that holds the matrix. */
  readonly directory: string;
  /** `host[:port][/path]`; undefined means that of the matrix. */
  readonly registry?: string | undefined;
  /** Names of images; none means all. */
  readonly only: readonly string[];
  /** Tags of variants; none means all. */
  readonly variants: readonly string[];
  /** Build arguments for every image that is made. */
  readonly args: Readonly<Record<string, string>>;
  /** Base or image of the matrix to the image that takes its place. */
  readonly bases: Readonly<Record<string, string>>;
}

/** An image that cannot be made for want of build arguments, and was not asked for by name. */
export interface PassedOver {
  readonly name: string;
  readonly missing: readonly string[];
}

export interface ImagePlan {
  /** Bases before what stands on them. */
  readonly builds: readonly ImageBuild[];
  readonly passedOver: readonly PassedOver[];
}

/** Every reason for having no plan at once, one line each. */
export function planImages(matrix: ImageMatrix, request: ImageRequest): Result<ImagePlan, string[]> {
  const problems = [...unknownNames(matrix, request), ...missingArgs(matrix, request)];
  if (problems.length > 0) return err(problems);
  const wanted = matrix.images.filter((image) => isWanted(image, request));
  const passedOver = wanted
    .map((image) => ({ name: image.name, missing: missingArgsOf(image, request) }))
    .filter(({ missing }) => missing.length > 0);
  const left = new Set(passedOver.map(({ name }) => name));
  const images = wanted.filter(({ name }) => !left.has(name));
  const planned = new Set(
    images.flatMap((image) => variantsOf(image, request).map(({ tag }) => `${image.name}:${tag}`)),
  );
  const builds = images.flatMap((image) =>
    variantsOf(image, request).map((variant) => planBuild({ matrix, request, planned }, image, variant)),
  );
  return ok({ builds, passedOver });
}

function isWanted(image: MatrixImage, request: ImageRequest): boolean {
  const named = request.only.length === 0 || request.only.includes(image.name);
  return named && variantsOf(image, request).length > 0;
}

function variantsOf({ variants }: MatrixImage, request: ImageRequest): MatrixVariant[] {
  return variants.filter(({ tag }) => request.variants.length === 0 || request.variants.includes(tag));
}

function unknownNames({ images, bases }: ImageMatrix, request: ImageRequest): string[] {
  const names = images.map(({ name }) => name);
  const tags = images
    .filter(({ name }) => request.only.length === 0 || request.only.includes(name))
    .flatMap(({ variants }) => variants.map(({ tag }) => tag));
  return [
    ...lookFor('image', request.only, names),
    ...lookFor('variant', request.variants, [...new Set(tags)]),
    ...lookFor('base', Object.keys(request.bases), [...Object.keys(bases), ...names]),
  ];
}

function lookFor(sort: string, wanted: readonly string[], known: readonly string[]): string[] {
  return wanted
    .filter((name) => !known.includes(name))
    .map((name) => {
      const closest = closestName(name, known);
      const hint =
        closest === undefined ? `known: ${known.join(', ')}` : `did you mean ${JSON.stringify(closest)}?`;
      return `there is no ${sort} ${JSON.stringify(name)}; ${hint}`;
    });
}

/** Of images that were asked for by name. */
function missingArgs({ images }: ImageMatrix, request: ImageRequest): string[] {
  return images
    .filter(({ name }) => request.only.includes(name))
    .flatMap((image) =>
      missingArgsOf(image, request).map((arg) => `${image.name} needs ${arg}: give --build-arg ${arg}=...`),
    );
}

function missingArgsOf({ requires = [], args = {} }: MatrixImage, request: ImageRequest): string[] {
  return requires.filter((name) => (request.args[name] ?? args[name] ?? '') === '');
}

interface Surroundings {
  readonly matrix: ImageMatrix;
  readonly request: ImageRequest;
  /** `<name>:<tag>` of each image that this plan makes. */
  readonly planned: ReadonlySet<string>;
}

function planBuild(surroundings: Surroundings, image: MatrixImage, variant: MatrixVariant): ImageBuild {
  const { matrix, request } = surroundings;
  const { name, title, description } = image;
  const repository = `${request.registry ?? matrix.registry}/${name}`;
  const latest = variant.tag === image.default && variant.tag !== 'latest' ? [`${repository}:latest`] : [];
  return {
    name,
    tag: variant.tag,
    references: [`${repository}:${variant.tag}`, ...latest],
    title,
    description,
    dockerfile: posix.resolve(request.directory, image.dockerfile),
    context: posix.resolve(request.directory, image.context),
    base: baseOf(surroundings, variant.base),
    args: { ...image.args, ...variant.args, ...request.args },
  };
}

function baseOf({ matrix, request, planned }: Surroundings, name: string): ImageBase {
  const given = request.bases[name] ?? matrix.bases[name];
  if (given !== undefined) return { kind: 'reference', reference: given };
  const tag = matrix.images.find((image) => image.name === name)?.default ?? 'latest';
  const reference = `${request.registry ?? matrix.registry}/${name}:${tag}`;
  return { kind: planned.has(`${name}:${tag}`) ? 'planned' : 'reference', reference };
}
