/** A fake API server as a process of its own, for tests that load it; tells its URL on stdout. */

import { startFakeApiServer } from '@tekton-dag/kube/testing';

const { url } = await startFakeApiServer();
process.stdout.write(`${url}\n`);
