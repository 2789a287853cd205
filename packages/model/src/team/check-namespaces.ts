/** checkNamespaces: namespaces of the cluster itself, which neither runs nor apps may have. */

import type { Diagnostic } from '../diagnostic.ts';
import { valueAt } from '../file/value-at.ts';
import type { Path, YamlSource } from '../file/yaml-source.ts';
import { isReservedNamespace, wordsOfRule } from './team-rules.ts';

/** Looks at the texts at `paths`; those that are not there are none. */
export function checkNamespaces(source: YamlSource, paths: readonly Path[]): Diagnostic[] {
  return paths.flatMap((path) => {
    const namespace = valueAt(source.value, path);
    if (typeof namespace !== 'string' || !isReservedNamespace(namespace)) return [];
    return [{ ...source.placeOf(path), ...wordsOfRule('reservedNamespace', { namespace }) }];
  });
}
