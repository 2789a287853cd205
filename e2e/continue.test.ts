/** Runs of pull requests that are continued, on the local cluster. */

import { expect, vi } from 'vitest';
import { createStackRig, RUN_NAMESPACE } from './rig/stack-rig.ts';
import { continueScenario } from './testing/continue-scenario.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

continueScenario(async () => {
  const rig = await createStackRig();
  const dispose = async (): Promise<void> => expect(await rig.end()).toEqual([]);
  return { ...rig, client: rig.cluster.client, namespace: RUN_NAMESPACE, [Symbol.asyncDispose]: dispose };
});
