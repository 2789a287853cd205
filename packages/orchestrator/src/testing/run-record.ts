/** runRecord: what a run of pull request 7 of acme/demo-api leaves behind in its run record. */

import {
  junitKeyOf,
  planRun,
  RUN_RECORD_KEYS,
  type App,
  type PropagationVerdict,
  type Stack,
  type TestsVerdict,
} from '@tekton-dag/model';

const REVISION = { sha: 'a'.repeat(40), tree: 'b'.repeat(64) };
const DIGEST = `sha256:${'c'.repeat(64)}`;

const STACK: Stack = {
  name: 'stack-one',
  propagation: { headerName: 'x-dev-session', baggageKey: 'dev-session' },
  defaults: { servicePort: 80, containerPort: 8080 },
  apps: [
    app('demo-fe', { downstream: ['demo-api'], propagationRole: 'originator' }),
    app('demo-api', { contextDir: 'services/api', tests: { command: ['npm', 'test'] } }),
  ],
};

function app(name: string, more: Partial<App>): App {
  return {
    name,
    repo: `acme/${name}`,
    role: 'middleware',
    propagationRole: 'terminal',
    containerPort: 8080,
    servicePort: 80,
    contextDir: '.',
    dockerfile: 'Dockerfile',
    build: { tool: 'npm', runtime: 'custom', env: {} },
    downstream: [],
    tests: {},
    ...more,
  };
}

export interface RunRecordFields {
  /** Why the only edge, demo-fe to demo-api, was not crossed; absent: it was. */
  readonly lostBecause?: string;
  /** JUnit XML of demo-api; absent: its tests passed. */
  readonly failingReport?: string;
}

/** The data of the ConfigMap. */
export function runRecord({ lostBecause, failingReport }: RunRecordFields = {}): Record<string, string> {
  return {
    [RUN_RECORD_KEYS.plan]: JSON.stringify(plan()),
    [RUN_RECORD_KEYS.images]: JSON.stringify({
      'demo-api': {
        image: 'registry.example.com/acme/demo-api',
        digest: DIGEST,
        contentKey: 'k',
        reused: false,
      },
    }),
    [RUN_RECORD_KEYS.propagation]: JSON.stringify(propagation(lostBecause)),
    ...(lostBecause === undefined ? testsOf(failingReport) : {}),
  };
}

function plan() {
  const planned = planRun({
    mode: 'pr',
    team: 'default',
    stack: STACK,
    versions: { apps: {} },
    overrides: {},
    changedApps: ['demo-api'],
    revisions: { 'demo-fe': REVISION, 'demo-api': REVISION },
    registry: 'registry.example.com/acme',
    pullRequest: 7,
    repository: 'acme/demo-api',
    forceRebuild: false,
    interceptBackend: 'gateway',
    maxParallelBuilds: 5,
    defaultNamespace: 'staging',
  });
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  return planned.value;
}

function propagation(lostBecause: string | undefined): PropagationVerdict {
  const verdict = lostBecause === undefined ? 'passed' : 'failed';
  const detail = lostBecause ?? 'session came with x-dev-session';
  return {
    verdict,
    session: 'pr-7-abcdef',
    traceIds: ['d'.repeat(32)],
    edges: [{ caller: 'demo-fe', callee: 'demo-api', verdict, detail }],
    apps: [],
  };
}

function testsOf(failingReport: string | undefined): Record<string, string> {
  const outcome = failingReport === undefined ? 'passed' : 'failed';
  const failures = failingReport === undefined ? 0 : 1;
  const verdict: TestsVerdict = {
    verdict: outcome,
    results: [{ app: 'demo-api', kind: 'command', outcome, tests: 3, failures, durationMs: 1_500 }],
  };
  return {
    [RUN_RECORD_KEYS.tests]: JSON.stringify(verdict),
    ...(failingReport === undefined ? {} : { [junitKeyOf('demo-api')]: failingReport }),
  };
}
