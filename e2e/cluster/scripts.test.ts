/** The scripts that people call, on a real cluster. */

import { join } from 'node:path';
import { OWNER } from '../rig/stack-rig.ts';
import { scriptsScenario } from '../testing/scripts-scenario.ts';
import { createClusterRig } from './rig/cluster-rig.ts';

scriptsScenario(async () => {
  const rig = await createClusterRig();
  const { forge, settings } = rig;
  return {
    ...rig,
    platformDir: join(forge.directory, 'work', OWNER, 'platform'),
    env: { PATH: process.env['PATH'] ?? '', HOME: forge.directory, KUBECONFIG: settings.kubeconfig },
    runArgs: ['--param', `tekton-dag-image=${settings.image}`],
    [Symbol.asyncDispose]: async () => await rig[Symbol.asyncDispose](),
  };
});
