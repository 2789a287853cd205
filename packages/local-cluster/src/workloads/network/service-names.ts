/** Stands in for cluster DNS: puts service addresses where a pod's environment or arguments name a service. */

import type { Service } from '../specs/workload-objects.ts';

/** The address of a service, its external name, or undefined when there is none to give. */
export type ServiceLookup = (namespace: string, name: string) => string | undefined;

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
/** `<service>.<namespace>.svc`, possibly with `.cluster.local` and the root's dot, and not inside a longer name. */
const SERVICE_NAME = new RegExp(
  `(?<![\\w.-])(${LABEL})\\.(${LABEL})\\.svc(?:\\.cluster\\.local\\b\\.?)?(?![\\w-]|\\.[\\w-])`,
  'g',
);

/** `text` with every known service name replaced; names of unknown services stay. */
export function replaceServiceNames(text: string, lookup: ServiceLookup): string {
  if (!text.includes('.svc')) return text;
  return text.replace(
    SERVICE_NAME,
    (found, name: string, namespace: string) => lookup(namespace, name) ?? found,
  );
}

/** What a name of this service stands for. */
export function addressOfService({ spec }: Service): string | undefined {
  if (spec.type === 'ExternalName') return spec.externalName;
  return spec.clusterIP === undefined || spec.clusterIP === '' || spec.clusterIP === 'None'
    ? undefined
    : spec.clusterIP;
}

/** `<NAME>_SERVICE_HOST`, `<NAME>_SERVICE_PORT` and their kin, for services of the pod's namespace. */
export function serviceVariables(services: readonly Service[]): Record<string, string> {
  const pairs = services.flatMap((service): [string, string][] => {
    const { clusterIP } = service.spec;
    const address = clusterIP === '' || clusterIP === 'None' ? undefined : clusterIP;
    const ports = service.spec.ports ?? [];
    const [first] = ports;
    if (address === undefined || first === undefined) return [];
    const prefix = variableName(service.metadata.name ?? '');
    return [
      [`${prefix}_SERVICE_HOST`, address],
      [`${prefix}_SERVICE_PORT`, String(first.port)],
      ...ports
        .filter((port) => port.name !== undefined)
        .map((port): [string, string] => [
          `${prefix}_SERVICE_PORT_${variableName(port.name ?? '')}`,
          String(port.port),
        ]),
      [`${prefix}_PORT`, `tcp://${address}:${first.port}`],
    ];
  });
  return Object.fromEntries(pairs);
}

/** Upper case with underscores, e.g. `demo-api` to `DEMO_API`. */
export function variableName(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}
