/** What tests of this package and of others use: a Kubernetes API over real HTTP that can be made to fail. */

export { startFakeApiServer, type FakeApiServer } from './fake-api-server.ts';
export type { SeenRequest } from './seen-request.ts';
export type { PlannedFailure } from './handle-request.ts';
