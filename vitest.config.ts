/**
 * `unit` is pure and fast; `real` runs real processes, sockets and temp directories; `cluster` needs a Kubernetes with
 * Tekton (`make test-cluster`), `argocd` one with Argo CD besides; `conformance` is the local cluster's own tests of API, workloads and Tekton, asked of the
 * cluster that KUBECONFIG names.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'], environment: 'node' } },
      {
        test: {
          name: 'real',
          include: ['packages/*/test/**/*.test.ts', 'e2e/*.test.ts', 'e2e/chart/*.test.ts'],
          environment: 'node',
          // 0 where somebody works on the code; CI repeats once and names what it repeated.
          retry: Number(process.env['TEST_RETRY'] ?? 0),
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['e2e/cluster/*.test.ts'],
          environment: 'node',
          // A node that is busy for a minute is no defect of ours; what fails twice is. The report tells what was repeated.
          retry: 1,
          maxWorkers: 2,
          // Longer than the rig waits for a run: what it says then is the explanation.
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'argocd',
          include: ['e2e/argocd/*.test.ts'],
          environment: 'node',
          retry: 1,
          // After `cluster`, one by one: they share one Argo CD.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['packages/local-cluster/test/{api,workloads,tekton}/**/*.test.ts'],
          environment: 'node',
          retry: 1,
          // After the others: they would share the nodes.
          sequence: { groupOrder: 2 },
          maxWorkers: 3,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
