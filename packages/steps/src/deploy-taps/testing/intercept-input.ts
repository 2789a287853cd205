/** An app of a pull request, as the steps render its objects from. */
import type { InterceptInput } from '../../deploy-intercepts/render-intercept.ts';

export interface InterceptFields {
  readonly session?: string;
  readonly headerName?: string;
  readonly baggageKey?: string;
}

/** App `api` in namespace `staging` on port 8080; run stack-pr-4-abcd1234, session pr-4-abcdef. */
export const interceptInputOf = (fields: InterceptFields): InterceptInput => {
  const { session = 'pr-4-abcdef', headerName = 'x-dev-session', baggageKey = 'dev-session' } = fields;
  const app = {
    name: 'api',
    repo: 'acme/api',
    role: 'persistence',
    propagationRole: 'terminal',
    downstream: [],
    contextDir: '.',
    dockerfile: 'Dockerfile',
    containerPort: 8080,
    servicePort: 80,
    build: { tool: 'none', runtime: '', env: {} },
    env: {},
    tests: {},
  } as const;
  const spec = {
    name: 'shop',
    description: '',
    defaults: { servicePort: 80, containerPort: 8080 },
    apps: [app],
    propagation: { headerName, baggageKey },
  };
  return {
    app,
    session,
    run: 'stack-pr-4-abcd1234',
    sha: 'a'.repeat(40),
    image: { image: 'registry.example/api', digest: `sha256:${'d'.repeat(64)}` },
    baseline: { metadata: { name: 'api', namespace: 'staging' } },
    plan: {
      mode: 'pr',
      team: 'default',
      stack: 'shop',
      stackSpec: spec,
      session,
      headerName,
      baggageKey,
      order: ['api'],
      entries: ['api'],
      chain: ['api'],
      changedApps: ['api'],
      buildApps: [],
      requiredEdges: [],
      requiredForwarders: [],
      versions: {},
      namespaces: { api: 'staging' },
      interceptBackend: 'mirrord',
      maxParallelBuilds: 1,
      forceRebuild: false,
      tests: [],
    },
  };
};
