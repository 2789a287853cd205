/** Freezes a JSON value and everything below it, so that what the store hands out cannot be changed by its readers. */

/** Returns the same value, frozen. A value that is frozen already is taken to be frozen all the way down. */
export const deepFreeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
};
