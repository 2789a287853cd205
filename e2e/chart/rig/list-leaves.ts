/** listLeaves: every value of a tree of maps, by its path. */

export interface Leaf {
  readonly path: string;
  /** Anything but a map with keys. */
  readonly value: unknown;
}

export function listLeaves(value: unknown, path = ''): readonly Leaf[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [{ path, value }];
  return Object.entries(value).flatMap(([key, child]) => {
    const name = key.replaceAll('.', String.raw`\.`);
    return listLeaves(child, path === '' ? name : `${path}.${name}`);
  });
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
