/** `$(tasks.<task>.results.<result>)`, with `[i]`, `[*]` or `.key`: how one pipeline task reads another's result. */

import { collectReferences, substituteParamValue, type Reference } from '@tekton-dag/model';
import type { Replacements } from './replacements.ts';

export interface ResultReference {
  /** As written. */
  readonly text: string;
  readonly task: string;
  readonly result: string;
}

const PATH = /^(?:tasks|finally)\.([^.]+)\.results\.([^.]+)/;

/** Every result reference anywhere in a value. */
export function resultReferencesIn(value: unknown): ResultReference[] {
  return collectReferences(value).flatMap((reference) => toResultReference(reference) ?? []);
}

/** The result references in a value that nothing stands for. */
export function missingReferences(value: unknown, replacements: Replacements): ResultReference[] {
  return resultReferencesIn(value).filter(
    ({ text }) => substituteParamValue(text, replacements).problems.length > 0,
  );
}

function toResultReference({ text, path }: Reference): ResultReference | undefined {
  const match = PATH.exec(path);
  return match === null ? undefined : { text, task: match[1] ?? '', result: match[2] ?? '' };
}
