/** What `kubectl apply` on the client side applied last, so that its first apply on the server side meets no conflict with it. */

import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { isRecord } from '../../objects/is-record.ts';
import type { Place } from '../schema/list-semantics.ts';
import { fieldsOf, type FieldSet } from './field-set.ts';
import { valueAt } from './value-at.ts';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The fields of the annotation that still have the value that was applied (apiserver: lastAppliedManager). */
export const lastAppliedFields = (live: KubeObject, place: Place): FieldSet => {
  const applied = parse(live.metadata.annotations?.[ANNOTATION] ?? '');
  if (!isRecord(applied)) return new Map();
  return new Map(
    [...fieldsOf(applied, place)].filter(([, path]) =>
      isDeepStrictEqual(valueAt(live, path), valueAt(applied, path)),
    ),
  );
};
