/** The scripts that people call, on the local cluster. */

import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { createStackRig, OWNER, RUN_NAMESPACE } from './rig/stack-rig.ts';
import { scriptsScenario } from './testing/scripts-scenario.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

scriptsScenario(async () => {
  const rig = await createStackRig();
  const dispose = async (): Promise<void> => expect(await rig.end()).toEqual([]);
  return {
    ...rig,
    client: rig.cluster.client,
    namespace: RUN_NAMESPACE,
    appsNamespace: 'staging',
    teamFile: join(rig.root, 'teams/default/team.yaml'),
    platformDir: join(rig.forge.directory, 'work', OWNER, 'platform'),
    // The scripts need a shell; the rig's own PATH has only what steps need.
    env: { ...rig.env, PATH: process.env['PATH'] ?? '', KUBECONFIG: rig.cluster.kubeconfigPath },
    runArgs: [],
    [Symbol.asyncDispose]: dispose,
  };
});
