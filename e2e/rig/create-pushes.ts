/** createPushes: changes of the platform's and the apps' repositories, one after the other. */

import type { TempForge } from '@tekton-dag/steps/testing';
import { OWNER, renderStack, type TestStack } from './render-stack.ts';

export interface Pushes {
  /** Commits files to the platform repository. */
  pushPlatform(files: Readonly<Record<string, string>>): Promise<void>;
  /** Makes `stacks/<name>.yaml` of the platform repository. */
  writeStack(stack: TestStack): Promise<void>;
  /** Pushes a tiny app, or a change of it on a branch; `files` win over its own. Returns the commit. */
  pushApp(app: string, files?: Readonly<Record<string, string>>, branch?: string): Promise<string>;
}

/** `files` is what the first push of an app holds. The forge has one working tree per repository, so pushes queue. */
export function createPushes(forge: TempForge, files: Readonly<Record<string, string>>): Pushes {
  const pushed = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  const push: TempForge['push'] = (...args) => {
    const next = last.then(async () => await forge.push(...args));
    last = next.catch(() => undefined);
    return next;
  };
  const pushPlatform: Pushes['pushPlatform'] = async (changes) => {
    await push(`${OWNER}/platform`, changes);
  };
  const writeStack: Pushes['writeStack'] = async (stack) =>
    await pushPlatform({ [`stacks/${stack.name}.yaml`]: renderStack(stack) });
  const pushApp: Pushes['pushApp'] = async (app, changes = {}, branch = 'main') => {
    const first = !pushed.has(app);
    pushed.add(app);
    return await push(`${OWNER}/${app}`, first ? { ...files, ...changes } : changes, branch);
  };
  return { pushPlatform, writeStack, pushApp };
}
