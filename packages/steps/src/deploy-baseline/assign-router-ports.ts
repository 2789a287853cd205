/** Gives each routed Service of a namespace a port of its own on the router; pure. */
import type { Service } from '@tekton-dag/kube';

/** First port of the router (docs/architecture.md, Router). */
const FIRST_ROUTER_PORT = 20_000;

/** The number that a Service sends its traffic to, when it is one of the router's. */
export const routerPortOf = (service: Service): number | undefined => {
  const target = service.spec?.ports?.[0]?.targetPort;
  return typeof target === 'number' && target >= FIRST_ROUTER_PORT ? target : undefined;
};

/**
 * Ports for `apps`, by name. A Service keeps its port, since the router may have open connections there; where two
 * Services claim the same port the older one (then the first by name) keeps it.
 */
export const assignRouterPorts = (
  apps: readonly string[],
  services: readonly Service[],
): Map<string, number> => {
  const byAge = services.toSorted((a, b) =>
    `${a.metadata?.creationTimestamp ?? ''}/${a.metadata?.name ?? ''}` <
    `${b.metadata?.creationTimestamp ?? ''}/${b.metadata?.name ?? ''}`
      ? -1
      : 1,
  );
  const owners = new Map<number, string>();
  for (const service of byAge) {
    const port = routerPortOf(service);
    if (port !== undefined && !owners.has(port)) owners.set(port, service.metadata?.name ?? '');
  }
  const kept = new Map([...owners].map(([port, name]) => [name, port]));
  const assigned = new Map<string, number>();
  let next = FIRST_ROUTER_PORT;
  for (const app of apps) {
    while (!kept.has(app) && owners.has(next)) next += 1;
    const port = kept.get(app) ?? next;
    owners.set(port, app);
    assigned.set(app, port);
  }
  return assigned;
};
