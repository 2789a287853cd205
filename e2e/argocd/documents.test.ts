/** The command blocks of the pages that need Argo CD. What a page leaves in Argo CD goes with the test. */

import { afterAll, beforeAll, describe } from 'vitest';
import { documentsScenario } from '../documents/documents-scenario.ts';
import { ARGO_SKIP } from './rig/argo-skip.ts';
import { leaveArgo, noteArgoSettings } from './rig/leave-argo.ts';
import { openClient } from './rig/open-client.ts';

/** The team that the page makes. */
const TEAM = 'orchard';

describe.skipIf(ARGO_SKIP !== undefined)(ARGO_SKIP ?? 'with Argo CD', () => {
  const cleanups = new AsyncDisposableStack();
  beforeAll(async () => {
    const client = await openClient(process.env['KUBECONFIG'] ?? '');
    cleanups.defer(() => client.close());
    const settings = await noteArgoSettings(client);
    cleanups.defer(() => leaveArgo(client, TEAM, settings));
  });
  afterAll(() => cleanups.disposeAsync());

  documentsScenario('argocd', 1_200_000);
});
