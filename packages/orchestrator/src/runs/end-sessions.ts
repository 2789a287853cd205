/** endSessions: cancels what runs of closed pull requests, and once it has stopped deletes what it left. */

import type { DecidedTarget } from '../deliveries/decision.ts';
import { appNamespaces } from './app-namespaces.ts';
import { cancelSessions } from './cancel-session.ts';
import { cleanSession } from './clean-session.ts';
import type { RunContext } from './run-context.ts';

/** Gives the runs that have not stopped yet; while there are some, nothing is deleted unless `evenIfOpen`. */
export async function endSessions(
  { client, snapshot, defaults }: Pick<RunContext, 'client' | 'snapshot' | 'defaults'>,
  targets: readonly DecidedTarget[],
  { evenIfOpen }: { readonly evenIfOpen: boolean },
): Promise<readonly string[]> {
  const open = await cancelSessions(client, targets, []);
  if (open.length > 0 && !evenIfOpen) return open;
  for (const { session, stackFile } of targets) {
    const stack = snapshot().stacks.get(stackFile);
    const { defaultNamespace } = defaults;
    const namespaces = stack === undefined ? [defaultNamespace] : appNamespaces(stack, defaultNamespace);
    await cleanSession(client, session, namespaces);
  }
  return open;
}
