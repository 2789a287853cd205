/** Metrics of what we ask of forges. The label `host` is configuration. */

import { Counter, Gauge, type Registry } from 'prom-client';

export function createForgeMetrics(registers: Registry[]) {
  return {
    forgeRequests: new Counter({
      name: 'tekton_dag_forge_api_requests_total',
      help: "Requests to a forge's API by operation and status; status 0 means that no answer came.",
      labelNames: ['host', 'operation', 'status'],
      registers,
    }),
    forgeBudget: new Gauge({
      name: 'tekton_dag_forge_api_budget_remaining',
      help: "Requests that are left until the forge's rate limit is reset, as its last answer told; then all of them.",
      labelNames: ['host'],
      registers,
    }),
  };
}
