/** readValueComments: the comments of the chart's values.yaml, which describe its values. */

import { isMap, isScalar, parseDocument, type Node, type Pair } from 'yaml';

/** Path, such as `image.tag`, to text. */
export type ValueComments = ReadonlyMap<string, string>;

/** The comment right above a key counts for it; one with an empty line below it counts for nothing. */
export function readValueComments(text: string): ValueComments {
  return new Map(commentsOf(parseDocument(text).contents, ''));
}

function commentsOf(node: Node | null, path: string): [string, string][] {
  if (!isMap(node)) return [];
  return node.items.flatMap((pair, index) => {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const own = path === '' ? key : `${path}.${key}`;
    const comment = commentOf(pair, index === 0 ? node.commentBefore : undefined);
    const inner = isMap(pair.value) ? commentsOf(pair.value, own) : [];
    return comment === undefined ? inner : [[own, comment], ...inner];
  });
}

/** The comment of a map's first key is the map's own, as `yaml` reads it. */
function commentOf({ key }: Pair, ofMap: string | null | undefined): string | undefined {
  const text = (isScalar(key) ? key.commentBefore : undefined) ?? ofMap ?? undefined;
  const last = text?.split(/\n\s*\n/).at(-1);
  return last
    ?.split('\n')
    .map((line) => line.trim())
    .join(' ');
}
