/** The command blocks of the pages that need a cluster with Argo CD. */

import { documentsScenario } from '../documents/documents-scenario.ts';

documentsScenario('argocd', 900_000);
