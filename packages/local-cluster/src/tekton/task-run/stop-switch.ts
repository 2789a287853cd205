/** Asks a TaskRun that is executing to stop, once, and says why. */

import type { Verdict } from '../specs/condition.ts';

export interface StopRequest {
  /** `shutdown` and `deleted` leave the TaskRun's status as it is. */
  readonly cause: 'cancelled' | 'timeout' | 'shutdown' | 'deleted';
  readonly verdict?: Verdict;
}

export class StopSwitch {
  readonly pressed: Promise<StopRequest>;
  #request: StopRequest | undefined;
  #resolve: (request: StopRequest) => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<StopRequest>();
    this.pressed = promise;
    this.#resolve = resolve;
  }

  /** The first request; later ones change nothing. */
  get request(): StopRequest | undefined {
    return this.#request;
  }

  press(request: StopRequest): void {
    if (this.#request !== undefined) return;
    this.#request = request;
    this.#resolve(request);
  }
}
