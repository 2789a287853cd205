/** parseImageMatrix: the text of `images/matrix.yaml` to an ImageMatrix. */

import type { Diagnostic } from '../diagnostic.ts';
import { closestName } from '../file/closest-name.ts';
import { parseFile } from '../file/parse-file.ts';
import type { Path, YamlSource } from '../file/yaml-source.ts';
import { present } from '../present.ts';
import type { Result } from '../result.ts';
import { imageMatrixSchema, type ImageMatrix, type MatrixImage } from './image-matrix-schema.ts';

/** `file` is the name that diagnostics bear. The error holds every problem of the file, in its order. */
export function parseImageMatrix(text: string, file: string): Result<ImageMatrix, Diagnostic[]> {
  return parseFile(text, file, imageMatrixSchema, checkNames);
}

function checkNames(source: YamlSource): Diagnostic[] {
  const parsed = imageMatrixSchema.safeParse(source.value);
  if (!parsed.success) return [];
  const { bases, images } = parsed.data;
  return images.flatMap((image, index) => {
    const earlier = images.slice(0, index).map(({ name }) => name);
    const known = [...Object.keys(bases), ...earlier];
    return [
      ...checkName(image, known, [source, ['images', index]]),
      ...checkVariants(image, known, [source, ['images', index]]),
    ];
  });
}

type Place = readonly [source: YamlSource, path: Path];

function checkName({ name }: MatrixImage, known: readonly string[], place: Place): Diagnostic[] {
  return known.includes(name)
    ? [
        problem(
          place,
          ['name'],
          `${JSON.stringify(name)} is the name of another image or base`,
          'duplicate-name',
        ),
      ]
    : [];
}

function checkVariants(image: MatrixImage, known: readonly string[], place: Place): Diagnostic[] {
  const tags = image.variants.map(({ tag }) => tag);
  const unknownDefault = tags.includes(image.default)
    ? []
    : [
        problem(
          place,
          ['default'],
          `there is no variant ${JSON.stringify(image.default)}`,
          'unknown-variant',
        ),
      ];
  const twice = image.variants.flatMap(({ tag }, index) =>
    tags.indexOf(tag) === index
      ? []
      : [
          problem(
            place,
            ['variants', index, 'tag'],
            `the tag ${JSON.stringify(tag)} is given twice`,
            'duplicate-name',
          ),
        ],
  );
  const unknownBases = image.variants.flatMap(({ base }, index) =>
    known.includes(base)
      ? []
      : [unknownBase(base, known, [place[0], [...place[1], 'variants', index, 'base']])],
  );
  return [...unknownDefault, ...twice, ...unknownBases];
}

function unknownBase(base: string, known: readonly string[], [source, path]: Place): Diagnostic {
  const closest = closestName(base, known);
  const hint =
    closest === undefined
      ? 'name a key of bases, or an image further up'
      : `did you mean ${JSON.stringify(closest)}?`;
  return {
    ...source.placeOf(path),
    message: `there is no base ${JSON.stringify(base)}`,
    code: 'unknown-base',
    ...present({ hint }),
  };
}

function problem([source, path]: Place, below: Path, message: string, code: string): Diagnostic {
  return { ...source.placeOf([...path, ...below]), message, code };
}
