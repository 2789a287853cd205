/** PAGES: where the command blocks of each page are executed. A page with blocks that is not here fails the tests. */

/**
 * `laptop`: a checkout and a home of its own, nothing else. `local`: besides, a local cluster that is up. `cluster`: a real
 * one. `argocd`: a real one with Argo CD.
 */
export type World = 'laptop' | 'local' | 'cluster' | 'argocd';

export interface Page {
  readonly worlds: readonly World[];
  /** Programs without which it is skipped. */
  readonly needs: readonly string[];
  /** The test that executes the page where no world does: it needs more than a world has. */
  readonly executedBy?: string;
}

export const PAGES: Readonly<Record<string, Page>> = {
  'README.md': { worlds: ['laptop'], needs: ['kubectl'] },
  'CONTRIBUTING.md': { worlds: ['laptop'], needs: [] },
  'docs/m10-team-onboarding.md': { worlds: ['local'], needs: ['kubectl', 'helm', 'openssl'] },
  'docs/m7-mirrord-intercept-task.md': { worlds: ['laptop'], needs: ['helm'] },
  'docs/m10-migration-guide.md': { worlds: ['local'], needs: ['kubectl', 'helm', 'openssl'] },
  'docs/helm.md': { worlds: ['cluster'], needs: ['kubectl', 'helm', 'openssl'] },
  'docs/catalog-versions.md': { worlds: ['local'], needs: ['kubectl'] },
  'docs/argocd-architecture-guide.md': { worlds: ['argocd'], needs: ['kubectl'] },
  'docs/local-workflow.md': { worlds: ['local'], needs: ['kubectl', 'helm', 'openssl'] },
  'docs/runbook.md': { worlds: [], needs: [], executedBy: 'e2e/cluster/event-listener.test.ts' },
  'docs/api.md': { worlds: [], needs: [], executedBy: 'packages/cli/test/webhook-commands.test.ts' },
};

/** Blocks that other tests execute: the demo's, and the one that runs this test. */
export const COVERED: ReadonlySet<string> = new Set(['make demo', 'make test']);
