/** waitFor: watches one object until it is as it should be. */

import { createReflector, type Reflector } from './reflector.ts';
import type { KubeObject } from './kube-object.ts';
import type { ResourceClient } from './resource-client.ts';
import { err, ok, type Result } from './result.ts';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The time was over; `last` is the object as it was then, undefined when there was none. */
export interface WaitFailure<T> {
  readonly reason: 'timeout';
  readonly last: T | undefined;
  /** The last trouble with the API, if there was any, such as Forbidden. */
  readonly cause?: unknown;
}

/** Resolves with the object as soon as `predicate` holds for it; an absent object keeps waiting. Throws on abort only. */
export function waitFor<T extends KubeObject>(
  client: ResourceClient<T>,
  name: string,
  predicate: (object: T) => boolean,
  options: WaitOptions,
): Promise<Result<T, WaitFailure<T>>> {
  return watchOne(client, name, options, (object) =>
    object !== undefined && predicate(object) ? ok(object) : undefined,
  );
}

/** Resolves when there is no object of that name. */
export function waitForDeletion<T extends KubeObject>(
  client: ResourceClient<T>,
  name: string,
  options: WaitOptions,
): Promise<Result<undefined, WaitFailure<T>>> {
  return watchOne(client, name, options, (object) => (object === undefined ? ok(undefined) : undefined));
}

async function watchOne<T extends KubeObject, Found>(
  client: ResourceClient<T>,
  name: string,
  { timeoutMs, signal }: WaitOptions,
  decide: (object: T | undefined) => Result<Found, never> | undefined,
): Promise<Result<Found, WaitFailure<T>>> {
  signal?.throwIfAborted();
  let cause: unknown;
  await using reflector = createReflector(client, {
    fieldSelector: `metadata.name=${name}`,
    onError: (error) => {
      cause = error;
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Result<Found, WaitFailure<T>>>();
  const check = (): void => {
    const decision = reflector.hasSynced ? decide(only(reflector)) : undefined;
    if (decision !== undefined) resolve(decision);
  };
  const abort = (): void => reject(signal?.reason);
  const timer = setTimeout(
    () => resolve(err({ reason: 'timeout', last: only(reflector), cause })),
    timeoutMs,
  );
  signal?.addEventListener('abort', abort, { once: true });
  reflector.on(check);
  reflector.start();
  void reflector.synced.then(check);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function only<T extends KubeObject>(reflector: Reflector<T>): T | undefined {
  return reflector.items()[0];
}
