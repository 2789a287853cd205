/** Prometheus metrics of the router. No label carries a session: intercepts are counted together. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RouteTable, RoutedService } from '../table/route-table.ts';

export interface RequestLabels {
  readonly routed: RoutedService;
  readonly isTagged: boolean;
  /** Name of the backend Service; `intercept` for any intercept; '' when the router answered itself. */
  readonly backend: string;
}

export interface RouterMetrics {
  readonly registry: Registry;
  /** Starts the clock of a request; the answer is called with the status when the head of the answer is there. */
  begin(labels: RequestLabels): (status: number) => void;
  connectionOpened(): void;
  connectionClosed(): void;
  tableReplaced(table: RouteTable): void;
}

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createRouterMetrics(): RouterMetrics {
  const registry = new Registry();
  const labelNames = ['namespace', 'service', 'backend', 'tagged', 'code_class'] as const;
  const requests = new Counter({
    name: 'tekton_dag_router_requests_total',
    help: 'Requests by routed Service, backend Service, whether they carried a session, and class of the status.',
    labelNames,
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'tekton_dag_router_request_duration_seconds',
    help: 'Time from the arrival of a request to the head of its answer.',
    labelNames: ['namespace', 'service', 'tagged'] as const,
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  const connections = gauge(registry, 'open_connections', 'Connections from callers that are open.');
  const ports = gauge(registry, 'table_ports', 'Service ports that the router serves.');
  const matches = gauge(registry, 'table_matches', 'Route matches in the table.');
  const problems = gauge(
    registry,
    'table_problems',
    'Things in routes and Services that the router cannot keep.',
  );
  const built = gauge(
    registry,
    'table_built_timestamp_seconds',
    'When the route table was last replaced, Unix time.',
  );
  return {
    registry,
    begin({ routed: { namespace, service }, isTagged, backend }) {
      const startedMs = performance.now();
      const tagged = String(isTagged);
      return (status) => {
        requests.inc({ namespace, service, backend, tagged, code_class: `${Math.floor(status / 100)}xx` });
        duration.observe({ namespace, service, tagged }, (performance.now() - startedMs) / 1_000);
      };
    },
    connectionOpened: () => connections.inc(),
    connectionClosed: () => connections.dec(),
    tableReplaced(table) {
      ports.set(table.byPort.size);
      matches.set([...table.byPort.values()].reduce((sum, { matches: { length } }) => sum + length, 0));
      problems.set(table.problems.length);
      built.setToCurrentTime();
    },
  };
}

function gauge(registry: Registry, name: string, help: string): Gauge {
  return new Gauge({ name: `tekton_dag_router_${name}`, help, registers: [registry] });
}
