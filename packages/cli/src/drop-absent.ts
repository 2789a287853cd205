/** dropAbsent: an object without its undefined fields, for optional fields that must be absent and not undefined. */

type Present<T> = { [key in keyof T]?: Exclude<T[key], undefined> };

/** A copy that holds only the fields that have a value. */
export function dropAbsent<T extends object>(fields: T): Present<T>;
export function dropAbsent(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
