/** Lets one borrower in at a time, in the order they came. */

export interface Turnstile {
  enter(): Promise<void>;
  leave(): void;
}

export function createTurnstile(): Turnstile {
  const queue: (() => void)[] = [];
  let taken = false;
  return {
    enter: () =>
      new Promise((resolve) => {
        if (taken) queue.push(resolve);
        else resolve();
        taken = true;
      }),
    leave: () => {
      const next = queue.shift();
      if (next === undefined) taken = false;
      else next();
    },
  };
}
