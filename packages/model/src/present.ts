/** present: an object without its undefined fields, for optional fields that must be absent and not undefined. */

type Present<T> = { [key in keyof T]?: Exclude<T[key], undefined> };

/** A copy that holds only the fields that have a value. */
export function present<T extends object>(fields: T): Present<T>;
export function present(fields: object): object {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept;
}
