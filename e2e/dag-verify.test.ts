/** Pipeline stack-dag-verify on the local cluster. */

import { expect, vi } from 'vitest';
import { createStackRig, RUN_NAMESPACE } from './rig/stack-rig.ts';
import { dagVerifyScenario } from './testing/dag-verify-scenario.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

dagVerifyScenario(async () => {
  const rig = await createStackRig();
  const dispose = async (): Promise<void> => expect(await rig.end()).toEqual([]);
  return { ...rig, client: rig.cluster.client, namespace: RUN_NAMESPACE, [Symbol.asyncDispose]: dispose };
});
