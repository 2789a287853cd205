/** createExpiringCache: values that count for some time; when it is full, the oldest makes room. */

export interface ExpiringCache<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value, ttlMs: number): void;
}

export function createExpiringCache<Value>(
  capacity: number,
  now: () => number = () => performance.now(),
): ExpiringCache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly untilMs: number }>();
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined || entry.untilMs > now()) return entry?.value;
      entries.delete(key);
      return undefined;
    },
    set: (key, value, ttlMs) => {
      entries.delete(key);
      const [oldest] = entries.keys();
      if (entries.size >= capacity && oldest !== undefined) entries.delete(oldest);
      entries.set(key, { value, untilMs: now() + ttlMs });
    },
  };
}
