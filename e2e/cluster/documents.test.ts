/** The command blocks of the pages that need a real cluster. */

import { documentsScenario } from '../documents/documents-scenario.ts';

documentsScenario('cluster', 1_200_000);
