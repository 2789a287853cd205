/** Versions of the catalog on a real cluster: Tekton's own git resolver fetches them. */

import { catalogVersionsScenario } from '../testing/catalog-versions-scenario.ts';
import { createClusterRig } from './rig/cluster-rig.ts';

catalogVersionsScenario(async () => {
  const rig = await createClusterRig();
  return Object.assign(rig, { kubeconfig: rig.settings.kubeconfig });
});
