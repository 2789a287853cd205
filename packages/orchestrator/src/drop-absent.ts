/** dropAbsent: an object without the keys whose value is undefined. */

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** For interfaces that tell an absent key from one that is undefined. */
export function dropAbsent<T extends object>(values: T): Present<T> {
  const present: Present<T> = {};
  for (const key of keysOf(values)) {
    const value = values[key];
    if (isPresent(value)) present[key] = value;
  }
  return present;
}

function keysOf<T extends object>(values: T): (keyof T)[] {
  const keys: (keyof T)[] = [];
  for (const key in values) keys.push(key);
  return keys;
}

function isPresent<V>(value: V): value is Exclude<V, undefined> {
  return value !== undefined;
}
