/** A router in a process of its own: argument 1 is its address, 2 the port of the backend, 3 the number of routes; it prints a line when it is ready. */
import { runRouter } from '@tekton-dag/router';
import {
  createManualSource,
  endpointSliceOf,
  interceptRouteOf,
  routedServiceOf,
  serviceRouteOf,
} from '@tekton-dag/router/testing';

const [address = '', backendPort = '', routes = ''] = process.argv.slice(2);
const endpointOf = (service: string) =>
  endpointSliceOf({ service, endpoints: [{ address, port: Number(backendPort), pod: `${service}-0` }] });
const sessions = Array.from({ length: Number(routes) - 1 }, (_, at) => `pr-${at + 1}`);
const source = createManualSource({
  services: [routedServiceOf({ name: 'app', port: 20_000 })],
  httpRoutes: [
    serviceRouteOf({ service: 'app' }),
    ...sessions.map((session) => interceptRouteOf({ service: 'app', session })),
  ],
  endpointSlices: ['app-baseline', ...sessions.map((session) => `app-${session}`)].flatMap(endpointOf),
});
const log = {
  info: (_: object, message: string) => console.log(message),
  warn: (fields: object, message: string) => fail(fields, message),
  error: (fields: object, message: string) => fail(fields, message),
};
await runRouter({ source, bindAddress: address, adminPort: 0, adminToken: 'bench', log });
// The benchmark holds the other end: when it ends, however it ends, so does this.
process.stdin.on('end', () => process.exit()).resume();

function fail(fields: object, message: string): never {
  console.error(message, fields);
  process.exit(1);
}
