/** Runs of pull requests that are continued, on a real cluster. */

import { continueScenario } from '../testing/continue-scenario.ts';
import { createClusterRig } from './rig/cluster-rig.ts';

continueScenario(async () => await createClusterRig());
