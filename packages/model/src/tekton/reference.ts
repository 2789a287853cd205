/** Reference: one `$(...)` variable of Tekton, found in a text (docs: variables.md). */

/** `$(params["a.b"][0])` has the path `params.a.b` and the index 0. */
export interface Reference {
  /** As written, with `$(` and `)`. */
  readonly text: string;
  /** The parts joined by dots; the bracket forms give the same path as the dotted form. */
  readonly path: string;
  /** `*` asks for the whole array or object, a number for one element. */
  readonly index?: '*' | number;
}

/** First words of Tekton's variables; `$(date)` in a script is none of ours. */
const ROOTS = [
  'params',
  'results',
  'tasks',
  'finally',
  'workspaces',
  'context',
  'steps',
  'step',
  'credentials',
  'artifacts',
  'outputs',
  'inputs',
];

const BRACKETS = String.raw`\["[^"\]]*"\]|\['[^'\]]*'\]`;
const INDEX = String.raw`\[\*\]|\[\d+\]`;
const PART = String.raw`\.[\w-]+|${BRACKETS}|${INDEX}`;
/** Brackets name the last part: Tekton leaves `$(params["object"].key)` as it is written. */
const PATH = String.raw`(?:\.[\w-]+)*(?:${BRACKETS})?(?:${INDEX})?`;
const REFERENCE = new RegExp(String.raw`\$\((${ROOTS.join('|')})(?=[.[])(${PATH})\)`, 'g');
const ONE_PART = new RegExp(PART, 'g');

/** The references of a text, in order, each as often as it occurs. */
export function referencesIn(text: string): Reference[] {
  return Array.from(text.matchAll(REFERENCE), toReference);
}

/** Replaces each reference once; what comes in is never looked at again, so a value cannot expand. */
export function replaceReferences(text: string, replace: (reference: Reference) => string): string {
  return text.replaceAll(REFERENCE, (...match: string[]) => replace(toReference(match)));
}

/** The references in all strings of a JSON value, depth first. */
export function collectReferences(value: unknown): Reference[] {
  if (typeof value === 'string') return referencesIn(value);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(collectReferences);
}

function toReference([text = '', root = '', rest = '']: readonly string[]): Reference {
  const parts = rest.match(ONE_PART) ?? [];
  const index = indexOf(parts.at(-1));
  const names = (index === undefined ? parts : parts.slice(0, -1)).map(nameOf);
  return { text, path: [root, ...names].join('.'), ...(index === undefined ? {} : { index }) };
}

function indexOf(part: string | undefined): '*' | number | undefined {
  if (part === '[*]') return '*';
  return part !== undefined && /^\[\d+\]$/.test(part) ? Number(part.slice(1, -1)) : undefined;
}

/** `.name`, `["name"]` or `['name']` without what is around the name. */
function nameOf(part: string): string {
  return part.startsWith('.') ? part.slice(1) : part.replaceAll(/^\[["']?|["']?\]$/g, '');
}
