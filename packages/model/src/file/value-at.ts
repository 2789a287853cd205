/** valueAt: what stands at a path of plain data. */

import type { Path } from './yaml-source.ts';

/** Undefined where the path leads nowhere; own properties only. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(property, value);
}

function property(value: unknown, name: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}
