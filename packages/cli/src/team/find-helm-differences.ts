/** findHelmDifferences: what Helm reads otherwise than the program: it reads YAML 1.1, the program 1.2. Pure. */

import { readYaml, type Diagnostic, type Path } from '@tekton-dag/model';
import { parse, type ScalarTag } from 'yaml';

/** What YAML 1.1 takes for more than a text, as Helm does it (https://yaml.org/type/bool.html, int.html). */
const HELM_TAGS: readonly ScalarTag[] = [
  {
    tag: 'tag:yaml.org,2002:bool',
    default: true,
    test: /^(?:[yY]|[yY]es|YES|[oO]n|ON|[nN]|[nN]o|NO|[oO]ff|OFF)$/,
    resolve: (text) => !/^(?:n|no|off)$/i.test(text),
  },
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?(?:0b[01_]+|0[0-7_]+|\d[\d_]*_[\d_]*)$/,
    resolve: readOldInteger,
  },
];

function readOldInteger(text: string): number {
  const [, sign = '', base = '', digits = ''] = /^([-+]?)(0b|0)?(.*)$/.exec(text.replaceAll('_', '')) ?? [];
  const radix = { '0b': 2, '0': 8 }[base] ?? 10;
  return Number.parseInt(`${sign}${digits === '' ? '0' : digits}`, radix);
}

/** Of a text that the program can read; in the order of the file. */
export function findHelmDifferences(text: string, file: string): readonly Diagnostic[] {
  const source = readYaml(text, file);
  if (!source.ok) return [];
  const yaml = source.value;
  const asHelm: unknown = parse(text, { customTags: (tags) => [...HELM_TAGS, ...tags], logLevel: 'error' });
  return compare(yaml.value, asHelm, []).map(({ at, isKey, ...words }) => ({
    ...(isKey ? yaml.placeOfKey(at) : yaml.placeOf(at)),
    ...words,
    code: 'read-differently',
  }));
}

interface Difference {
  readonly at: Path;
  readonly isKey: boolean;
  readonly message: string;
  readonly hint: string;
}

function compare(value: unknown, asHelm: unknown, at: Path): readonly Difference[] {
  if (!isCollection(value) || !isCollection(asHelm)) {
    return Object.is(value, asHelm) ? [] : [difference(value, asHelm, at)];
  }
  const read = new Map(Object.entries(asHelm));
  return Object.entries(value).flatMap(([key, child]) => {
    const inner = [...at, Array.isArray(value) ? Number(key) : key];
    return read.has(key) ? compare(child, read.get(key), inner) : [keyDifference(key, inner)];
  });
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function difference(value: unknown, asHelm: unknown, at: Path): Difference {
  return {
    at,
    isKey: false,
    message: `${JSON.stringify(value)} is ${JSON.stringify(asHelm)} for Helm, which reads YAML 1.1`,
    hint: typeof value === 'string' ? 'put it in quotes' : 'write it without a zero in front',
  };
}

function keyDifference(key: string, at: Path): Difference {
  const message = `the key ${JSON.stringify(key)} is another one for Helm, which reads YAML 1.1`;
  return { at, isKey: true, message, hint: 'put it in quotes' };
}
