/** attempt: a look at the cluster that may fail; the failure becomes a check and ends nothing else. */

import { isRefusal, KubeError } from '@tekton-dag/kube';
import type { Check } from './check.ts';

export interface Aim {
  readonly name: string;
  /** What to do when it is missing. */
  readonly hint: string;
}

/** What this user may not see is not held to be missing. */
export async function attempt(aim: Aim, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (!isRefusal(error, 'Forbidden')) return { ...aim, state: 'missing', detail: messageOf(error) };
    return {
      name: aim.name,
      state: 'optional',
      detail: `not known: ${error.message}`,
      hint: 'run doctor as someone who may look',
    };
  }
}

/** One line about any error. */
export function messageOf(error: unknown): string {
  if (error instanceof KubeError) return `${error.reason}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
