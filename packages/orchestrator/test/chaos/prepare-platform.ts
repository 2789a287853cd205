/** preparePlatform: a platform checkout with secrets and a kubeconfig, and the settings of an orchestrator that uses them. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const WEBHOOK_SECRET = 'a webhook secret for hard times';
export const NAMESPACE = 'tekton-pipelines';

const FILES = {
  'stacks/stack-one.yaml': `
name: stack-one
defaults: { namespace: staging }
apps:
  - { name: demo-api, repo: acme/demo-api, role: persistence, build: { tool: pip } }
`,
  'teams/default/team.yaml': `
name: default
namespace: ${NAMESPACE}
imageRegistry: registry.example.com/acme
interceptBackend: gateway
maxConcurrentRuns: 10
stacks: [stacks/stack-one.yaml]
gitUrl: https://github.com/acme/platform
gitRevision: main
baseBranches: [main]
`,
  'secrets/webhook': WEBHOOK_SECRET,
  'secrets/token': 'an-api-token-for-hard-times',
};

export interface Platform extends AsyncDisposable {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The store is a SQLite file of the directory until another URL is put in. */
export async function preparePlatform(apiUrl: string): Promise<Platform> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-chaos-'));
  const files = Object.entries({ ...FILES, 'kubeconfig.json': kubeconfig(apiUrl) });
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  const env = {
    KUBECONFIG: join(directory, 'kubeconfig.json'),
    TEKTON_DAG_LISTEN_PORT: '0',
    TEKTON_DAG_STORE_URL: `sqlite:${join(directory, 'store.sqlite')}`,
    TEKTON_DAG_PLATFORM_DIR: directory,
    TEKTON_DAG_WEBHOOK_SECRET_FILE: join(directory, 'secrets/webhook'),
    TEKTON_DAG_API_TOKEN_FILE: join(directory, 'secrets/token'),
    TEKTON_DAG_LOG_LEVEL: 'fatal',
    TEKTON_DAG_INSTANCE: 'replica-1',
  };
  return { directory, env, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
}

function kubeconfig(server: string): string {
  const name = 'chaos';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
  });
}
