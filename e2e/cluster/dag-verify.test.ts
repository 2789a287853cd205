/** Pipeline stack-dag-verify on a real cluster. */

import { dagVerifyScenario } from '../testing/dag-verify-scenario.ts';
import { createClusterRig } from './rig/cluster-rig.ts';

dagVerifyScenario(async () => await createClusterRig());
