/** Draining: the time between being told to end and ending, in which every request is still answered. */

import type { FastifyInstance } from 'fastify';
import { setTimeout as pause } from 'node:timers/promises';

export interface Draining {
  readonly hasBegun: boolean;
  /** Resolves when the time is over. */
  begin(): Promise<void>;
}

export function createDraining(drainMs: number): Draining {
  let hasBegun = false;
  return {
    get hasBegun() {
      return hasBegun;
    },
    begin: async () => {
      hasBegun = true;
      await pause(drainMs);
    },
  };
}

/**
 * From then on each answer is the last one on its connection: the next request opens a connection anew, and so comes to a
 * replica that stays (RFC 9112, section 9.6).
 */
export function closeConnectionsOnceDraining(scope: FastifyInstance, draining: Draining): void {
  scope.addHook('onSend', async (_request, reply) => {
    if (draining.hasBegun) reply.header('connection', 'close');
  });
}
