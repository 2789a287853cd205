/** createOutcomeCounter: a counter of things that end in one of a few ways. */

import { Counter, type Registry } from 'prom-client';

export interface OutcomeCounter {
  readonly name: string;
  /** The outcomes are added. */
  readonly help: string;
  readonly outcomes: readonly string[];
}

/** Each outcome is there from the start, as 0: Prometheus sees no increase in a series that begins with its first event. */
export function createOutcomeCounter(
  { name, help, outcomes }: OutcomeCounter,
  registers: Registry[],
): Counter<'outcome'> {
  const counter = new Counter({
    name,
    help: `${help} (${outcomes.join(', ')}).`,
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of outcomes) counter.inc({ outcome }, 0);
  return counter;
}
