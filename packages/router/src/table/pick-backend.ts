/** Chooses who answers: a backend by weight, and the order in which its endpoints are tried. */
import type { Backend, Endpoint } from './route-table.ts';

/** `random` answers a number from 0 up to but not including 1, as Math.random does. At least one weight must be above 0. */
export function pickBackend(backends: readonly Backend[], random: () => number): Backend | undefined {
  const [only] = backends;
  if (backends.length === 1) return only;
  const total = backends.reduce((sum, backend) => sum + backend.weight, 0);
  let left = random() * total;
  for (const backend of backends) {
    left -= backend.weight;
    if (left < 0) return backend;
  }
  return only;
}

/** All endpoints once, beginning at a random one, so that each gets its share and a retry goes to another. */
export function orderEndpoints(endpoints: readonly Endpoint[], random: () => number): readonly Endpoint[] {
  if (endpoints.length < 2) return endpoints;
  const start = Math.floor(random() * endpoints.length);
  return [...endpoints.slice(start), ...endpoints.slice(0, start)];
}
