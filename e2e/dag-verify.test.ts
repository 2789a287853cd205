/** Pipeline stack-dag-verify on the local cluster. */

import { expect } from 'vitest';
import { createStackRig, RUN_NAMESPACE } from './rig/stack-rig.ts';
import { dagVerifyScenario } from './testing/dag-verify-scenario.ts';

dagVerifyScenario(async () => {
  const rig = await createStackRig();
  const dispose = async (): Promise<void> => expect(await rig.end()).toEqual([]);
  return { ...rig, client: rig.cluster.client, namespace: RUN_NAMESPACE, [Symbol.asyncDispose]: dispose };
});
