/** Makes the objects that the bootstrap and the intercepts make, as the router reads them. */

const NAMESPACE = 'staging';
const CREATED = '2026-01-01T00:00:00Z';

export interface RoutedServiceSpec {
  readonly name: string;
  readonly port: number;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Service `<app>` on the router. */
export function routedServiceOf({ name, port, namespace = NAMESPACE, annotations = {} }: RoutedServiceSpec) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      annotations,
      creationTimestamp: CREATED,
      labels: { 'tekton-dag.io/routed': 'true' },
    },
    spec: {
      selector: { 'app.kubernetes.io/name': 'tekton-dag-router' },
      ports: [{ name: 'http', port: 80, targetPort: port }],
    },
  };
}

export interface ServiceRouteSpec {
  readonly service: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly createdAt?: string;
  /** Default: one rule that sends everything to `<service>-baseline`. */
  readonly rules?: readonly object[];
}

/** HTTPRoute whose parent is a Service. */
export function serviceRouteOf({
  service,
  namespace = NAMESPACE,
  name = service,
  createdAt = CREATED,
  rules,
}: ServiceRouteSpec) {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace, creationTimestamp: createdAt },
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: service }],
      rules: rules ?? [{ backendRefs: [{ name: `${service}-baseline`, port: 80 }] }],
    },
  };
}

export interface InterceptSpec {
  readonly service: string;
  readonly session: string;
  readonly namespace?: string;
  readonly sessionHeader?: string;
  readonly baggageKey?: string;
  readonly createdAt?: string;
}

/** HTTPRoute `<app>-<session>`: the session in the header, or the whole member in the baggage. */
export function interceptRouteOf(spec: InterceptSpec) {
  const { service, session, namespace = NAMESPACE, createdAt = CREATED } = spec;
  const { sessionHeader = 'x-dev-session', baggageKey = 'dev-session' } = spec;
  const member = `(.*,)?[ \\t]*${escape(baggageKey)}[ \\t]*=[ \\t]*${escape(session)}[ \\t]*([;,].*)?`;
  const matches = [
    { headers: [{ type: 'Exact', name: sessionHeader, value: session }] },
    { headers: [{ type: 'RegularExpression', name: 'baggage', value: member }] },
  ];
  const rules = [{ matches, backendRefs: [{ name: `${service}-${session}`, port: 80 }] }];
  return serviceRouteOf({ service, namespace, name: `${service}-${session}`, createdAt, rules });
}

export interface EndpointSliceSpec {
  readonly service: string;
  readonly namespace?: string;
  readonly endpoints: readonly {
    readonly address: string;
    readonly port: number;
    readonly pod: string;
    readonly ready?: boolean;
    readonly serving?: boolean;
  }[];
}

/** EndpointSlices of a Service: one for each port that occurs, since a slice has one list of ports for all its endpoints. */
export function endpointSliceOf({ service, namespace = NAMESPACE, endpoints }: EndpointSliceSpec) {
  const ports = [...new Set(endpoints.map((endpoint) => endpoint.port))];
  return ports.map((port) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${service}-${port}`,
      namespace,
      creationTimestamp: CREATED,
      labels: { 'kubernetes.io/service-name': service },
    },
    addressType: 'IPv4',
    endpoints: endpoints
      .filter((endpoint) => endpoint.port === port)
      .map(({ address, pod, ready = true, serving = ready }) => ({
        addresses: [address],
        conditions: { ready, serving },
        targetRef: { kind: 'Pod', name: pod },
      })),
    ports: [{ name: 'http', port }],
  }));
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
