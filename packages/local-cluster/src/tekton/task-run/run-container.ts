/** Starts one container of a TaskRun and waits for its end, its timeout, or the order to stop. */

import { err, ok, type Result } from '@tekton-dag/model';
import type {
  ContainerExit,
  ContainerRuntime,
  ContainerSpec,
  RunningContainer,
} from '../../contracts/container-runtime.ts';
import type { ConfigFailure } from './config-failure.ts';
import type { StopSwitch } from './stop-switch.ts';

/** How a container came to its end. */
export interface ContainerEnd {
  readonly exit: ContainerExit;
  readonly cause: 'exited' | 'timeout' | 'stopped';
}

/** Starts it; a failure is told in Tekton's words (`what` is e.g. `step "build" in TaskRun "x"`). */
export async function startContainer(
  runtime: ContainerRuntime,
  spec: ContainerSpec,
  what: string,
): Promise<Result<RunningContainer, ConfigFailure>> {
  const started = await runtime.start(spec);
  if (started.ok) return ok(started.value);
  const { reason, message } = started.error;
  const told = `The pod errored with the message: "${message}."`;
  return err(
    reason === 'ErrImagePull' || reason === 'ImagePullBackOff'
      ? {
          reason: 'TaskRunImagePullFailed',
          message: `the ${what} failed to pull the image "${spec.image}". ${told}`,
        }
      : { reason: 'PodCreationFailed', message: `the ${what} failed to start. ${told}` },
  );
}

export interface WaitOptions {
  readonly stop: StopSwitch;
  readonly timeoutMs: number | undefined;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs: number;
}

/** Waits for the end; stops the container when its time is over or the TaskRun must stop. */
export async function awaitContainer(
  container: RunningContainer,
  options: WaitOptions,
): Promise<ContainerEnd> {
  const timeout = Promise.withResolvers<'timeout'>();
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => timeout.resolve('timeout'), options.timeoutMs);
  const first = await Promise.race([
    container.exited.then(() => 'exited' as const),
    options.stop.pressed.then(() => 'stopped' as const),
    timeout.promise,
  ]);
  clearTimeout(timer);
  const exit = first === 'exited' ? await container.exited : await container.stop(options.stopGraceMs);
  return { exit, cause: first };
}
