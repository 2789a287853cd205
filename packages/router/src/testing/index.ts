/** For tests of the router and of what stands behind it: objects of the API, and a source that a test steers. */
export { endpointSliceOf, interceptRouteOf, routedServiceOf, serviceRouteOf } from './route-objects.ts';
export { createManualSource, type ManualSource } from './create-manual-source.ts';
export { silentLog } from './silent-log.ts';
