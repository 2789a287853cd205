/** LocalRelease: the chart of a copy of the checkout on a local cluster of its own, handled with the real helm and kubectl. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { openWorld } from '../documents/open-world.ts';
import { createOrchestratorClient, type OrchestratorClient } from './orchestrator-client.ts';

export const RELEASE = 'tekton-dag';
export const NAMESPACE = 'ci';
const WEBHOOK_SECRET = 'a webhook secret of the tests';
const API_TOKEN = 'an-api-token-of-the-tests';

export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface LocalRelease extends AsyncDisposable {
  /** A file with the team whose repositories and registry are this machine's. */
  readonly teamFile: string;
  /** Of the checkout's copy, for programs that a test starts itself. */
  readonly surroundings: Surroundings;
  /** What it prints; throws with what it said when it fails. */
  helm(...args: readonly string[]): Promise<string>;
  kubectl(...args: readonly string[]): Promise<string>;
  /** Of the orchestrator's pods. */
  podNames(): Promise<readonly string[]>;
  /** At its Service, which this machine reaches; signs with the secret that it was given. */
  connect(secret?: string): Promise<OrchestratorClient>;
}

async function run(surroundings: Surroundings, program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { ...surroundings, stdio: ['ignore', 'pipe', 'pipe'] });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  const [code, stdout, stderr] = await Promise.all([promise, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`);
  return stdout;
}

function renderTeam(env: Readonly<Record<string, string>>): string {
  const { REGISTRY: imageRegistry, GIT_BASE_URL: gitBaseUrl = '' } = env;
  const team = {
    name: 'laptop',
    namespace: NAMESPACE,
    imageRegistry,
    interceptBackend: 'gateway',
    gitUrl: `${gitBaseUrl}/acme/platform.git`,
    gitBaseUrl,
    stacks: ['stacks/stack-one.yaml'],
  };
  return JSON.stringify(team);
}

/** A namespace with the Secrets that the chart refers to; nothing is installed yet. */
export async function openLocalRelease(): Promise<LocalRelease> {
  const world = await openWorld('local');
  const teamFile = join(world.root, 'team.yaml');
  await writeFile(teamFile, renderTeam(world.env));
  const helm: LocalRelease['helm'] = (...args) => run(world, 'helm', args);
  const kubectl: LocalRelease['kubectl'] = (...args) => run(world, 'kubectl', args);
  const createSecret = (name: string, literal: string): Promise<string> =>
    kubectl('create', 'secret', 'generic', name, '-n', NAMESPACE, `--from-literal=${literal}`);
  const findUrl = async (): Promise<string> => {
    const form = ['-o', 'jsonpath={.spec.clusterIP}:{.spec.ports[0].port}'];
    return `http://${await kubectl('get', 'service', RELEASE, '-n', NAMESPACE, ...form)}`;
  };
  await kubectl('create', 'namespace', NAMESPACE);
  await createSecret('tekton-dag-webhook', `secret=${WEBHOOK_SECRET}`);
  await createSecret('tekton-dag-api', `token=${API_TOKEN}`);
  return {
    teamFile,
    surroundings: { cwd: world.cwd, env: world.env },
    helm,
    kubectl,
    async podNames() {
      const selector = 'app.kubernetes.io/component=orchestrator';
      return (await kubectl('get', 'pods', '-n', NAMESPACE, '-l', selector, '-o', 'name')).trim().split('\n');
    },
    connect: async (webhookSecret = WEBHOOK_SECRET) =>
      createOrchestratorClient({ url: await findUrl(), webhookSecret, apiToken: API_TOKEN }),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
