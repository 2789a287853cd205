/** Versions of the catalog on a local cluster, whose engine has a git resolver of its own. */

import { expect, vi } from 'vitest';
import { createStackRig, RUN_NAMESPACE } from './rig/stack-rig.ts';
import { catalogVersionsScenario } from './testing/catalog-versions-scenario.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

catalogVersionsScenario(async () => {
  const rig = await createStackRig();
  const dispose = async (): Promise<void> => expect(await rig.end()).toEqual([]);
  const { client, kubeconfigPath: kubeconfig } = rig.cluster;
  return { ...rig, client, kubeconfig, namespace: RUN_NAMESPACE, [Symbol.asyncDispose]: dispose };
});
