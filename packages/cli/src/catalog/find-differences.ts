/** findDifferences: where two objects say different things: the paths, in the order of the wanted one. Pure. */

import { CATALOG_ANNOTATIONS } from '@tekton-dag/model';

/** One place; `undefined` stands for "not there". */
export interface Difference {
  /** `spec.steps[0].image`. */
  readonly path: string;
  readonly present: unknown;
  readonly wanted: unknown;
}

type Tree = Readonly<Record<string, unknown>>;

/** Metadata that the server writes, and what tools note there. */
const OWN_METADATA = new Set(['labels', 'annotations']);
/** And where a catalog came from: the same objects of another commit are the same. */
const NOTED_BY_TOOLS = new Set(['kubectl.kubernetes.io/last-applied-configuration', ...CATALOG_ANNOTATIONS]);

/** Compares labels, annotations and everything but the status. */
export function findDifferences(present: Tree, wanted: Tree): Difference[] {
  return [...compare(comparable(present), comparable(wanted), '')];
}

function comparable(object: Tree): Tree {
  const { status: _status, metadata, ...rest } = object;
  const { subjects } = rest;
  return {
    metadata: isTree(metadata) ? keptMetadata(metadata) : {},
    ...rest,
    ...(Array.isArray(subjects) && isTree(metadata)
      ? { subjects: subjects.map((subject: unknown) => placed(subject, metadata['namespace'])) }
      : {}),
  };
}

/** An account of a RoleBinding that names no namespace is one of the binding's own. */
function placed(subject: unknown, namespace: unknown): unknown {
  return isTree(subject) && subject['kind'] === 'ServiceAccount' ? { namespace, ...subject } : subject;
}

function keptMetadata(metadata: Tree): Tree {
  const kept = Object.entries(metadata).filter(([key]) => OWN_METADATA.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, isTree(value) ? withoutNotes(value) : value]));
}

function withoutNotes(annotations: Tree): Tree {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !NOTED_BY_TOOLS.has(key)));
}

function* compare(present: unknown, wanted: unknown, path: string): Generator<Difference> {
  if (isTree(present) && isTree(wanted)) {
    yield* compareTrees(present, wanted, path);
  } else if (Array.isArray(present) && Array.isArray(wanted) && present.length === wanted.length) {
    for (const [index, item] of wanted.entries()) yield* compare(present[index], item, `${path}[${index}]`);
  } else if (JSON.stringify(present) !== JSON.stringify(wanted) && !(isEmpty(present) && isEmpty(wanted))) {
    yield { path, present, wanted };
  }
}

function* compareTrees(present: Tree, wanted: Tree, path: string): Generator<Difference> {
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(present)])) {
    yield* compare(present[key], wanted[key], path === '' ? key : `${path}.${key}`);
  }
}

/** Nothing, said in one way or another: servers drop empty maps and lists as they like. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
