/** createMatcher: label and field selectors, as far as tests need them: `=`, `!=`, existence, and in (a,b). */

import type { GenericObject } from '../kube-object.ts';

/** Reads `labelSelector` and `fieldSelector` (metadata.name and metadata.namespace) from a query. */
export function createMatcher(query: URLSearchParams): (object: GenericObject) => boolean {
  const labels = splitTerms(query.get('labelSelector') ?? '');
  const fields = splitTerms(query.get('fieldSelector') ?? '');
  return ({ metadata = {} }) =>
    labels.every((term) => matchesTerm(term, metadata.labels ?? {})) &&
    fields.every((term) =>
      matchesTerm(term, {
        'metadata.name': metadata.name ?? '',
        'metadata.namespace': metadata.namespace ?? '',
      }),
    );
}

/** Splits at commas that are not inside parentheses. */
function splitTerms(selector: string): string[] {
  return selector === '' ? [] : selector.split(/,(?![^(]*\))/).map((term) => term.trim());
}

function matchesTerm(term: string, values: Readonly<Record<string, string>>): boolean {
  const set = /^(?<key>\S+) +(?<not>not)?in +\((?<list>.*)\)$/.exec(term)?.groups;
  if (set !== undefined) {
    const wanted = (set['list'] ?? '').split(',').map((value) => value.trim());
    return wanted.includes(values[set['key'] ?? ''] ?? '') === (set['not'] === undefined);
  }
  const [key = '', value] = term.split(/!?={1,2}/);
  if (value === undefined) return key.startsWith('!') ? !(key.slice(1) in values) : key in values;
  return (values[key] === value) !== term.includes('!=');
}
