/** A limit on how many may go on at once; those that wait go in the order they came. */

export interface Slots {
  /** Calls `start` when a slot is free, perhaps at once; `start` gets the function that frees the slot. */
  acquire(start: (release: () => void) => void): void;
}

export function createSlots(limit: number): Slots {
  const waiting: ((release: () => void) => void)[] = [];
  let used = 0;
  const release = (): void => {
    used -= 1;
    next();
  };
  const next = (): void => {
    while (used < limit) {
      const start = waiting.shift();
      if (start === undefined) return;
      used += 1;
      let isReleased = false;
      start(() => {
        if (isReleased) return;
        isReleased = true;
        release();
      });
    }
  };
  return {
    acquire: (start) => {
      waiting.push(start);
      next();
    },
  };
}
