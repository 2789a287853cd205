/** untilEnded: keeps a service up until the process is told to end, and says with which exit code it then does. */

import { EXIT, type ExitCode } from './exit-code.ts';
import { Interruption } from './interruption.ts';

/** Resolves when `signal` aborts: 0 for SIGTERM, by which supervisors end what they run, else 130. */
export async function untilEnded(signal: AbortSignal): Promise<ExitCode> {
  await untilAborted(signal);
  const { reason }: { readonly reason: unknown } = signal;
  return reason instanceof Interruption && reason.signal === 'SIGTERM' ? EXIT.ok : EXIT.interrupted;
}

/** The process stays alive meanwhile. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const keepAlive = setInterval(() => undefined, 2 ** 30);
    const finish = (): void => {
      clearInterval(keepAlive);
      resolve();
    };
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish, { once: true });
  });
}
