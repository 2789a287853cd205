/** imageMatrixSchema: the form of `images/matrix.yaml`; published as images/matrix.schema.json. */

import { z } from 'zod';
import { text } from '../file/formats.ts';

const variant = z.strictObject({
  tag: text('imageTag').describe('Tag of the image.'),
  base: z.string().min(1).describe('What FROM names: a key of bases, or another image of this file.'),
  args: z.record(text('envName'), z.string()).exactOptional().describe('Build arguments.'),
});

const image = z.strictObject({
  name: text('imageName').describe('Last part of the name, after the registry.'),
  title: z.string().min(1),
  description: z.string().min(1),
  dockerfile: text('path').describe('Below the directory of this file.'),
  context: z.string().min(1).describe('Directory that COPY reads, seen from the directory of this file.'),
  args: z.record(text('envName'), z.string()).exactOptional().describe('Build arguments of every variant.'),
  requires: z
    .array(text('envName'))
    .exactOptional()
    .describe('Build arguments that have no default; without them the image is passed over.'),
  default: text('imageTag').describe('The variant that is also tagged `latest`.'),
  variants: z.array(variant).min(1),
});

export const imageMatrixSchema = z
  .strictObject({
    registry: text('imageRegistry').describe('Where images go when no other registry is named.'),
    source: z.url().describe('Where the Dockerfiles are kept.'),
    licenses: z.string().min(1).describe('SPDX expression.'),
    bases: z
      .record(text('imageName'), text('imageReference'))
      .describe('Images of others, by a name of ours.'),
    images: z.array(image).min(1),
  })
  .describe('Every image of tekton-dag and its variants.');

export type ImageMatrix = z.infer<typeof imageMatrixSchema>;
export type MatrixImage = ImageMatrix['images'][number];
export type MatrixVariant = MatrixImage['variants'][number];
