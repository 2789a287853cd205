/** A source of route objects that a test fills by hand. */
import type { RouteSource } from '../route-source.ts';
import type { RouteInputs } from '../table/build-route-table.ts';

export interface ManualSource extends RouteSource {
  /** Replaces all objects. */
  set(inputs: RouteInputs): void;
}

export function createManualSource(first: RouteInputs): ManualSource {
  let current = first;
  let notify = (): void => undefined;
  return {
    start(onChange) {
      notify = () => onChange();
    },
    synced: Promise.resolve(),
    inputs: () => current,
    set(inputs) {
      current = inputs;
      notify();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
