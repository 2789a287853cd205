/** Everything the demo plays on: repositories, local cluster, catalog, orchestrator; and the end of it all. */

import { createKubeClient, loadKubeConfig, type KubeClient } from '@tekton-dag/kube';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { applyCatalog } from './apply-catalog.ts';
import { createDemoRepositories, type DemoRepositories } from './demo-repositories.ts';
import { startProcess, type StartedProcess } from './child-process.ts';
import { cliCommand, runCli, type CliResult } from './run-cli.ts';

export const RUN_NAMESPACE = 'tekton-pipelines';
export const APPS = ['demo-fe', 'release-lifecycle-demo', 'demo-api'] as const;
const START_TIMEOUT_MS = 120_000;

export interface Stage {
  readonly root: string;
  readonly stateDir: string;
  readonly apiUrl: string;
  readonly registryHost: string;
  readonly orchestratorUrl: string;
  readonly orchestratorPid: number | undefined;
  readonly kubeconfigPath: string;
  readonly apiTokenFile: string;
  readonly webhookSecretFile: string;
  readonly repositories: DemoRepositories;
  readonly client: KubeClient;
  /** Aborted when the demo is interrupted. */
  readonly signal: AbortSignal;
  cli(args: readonly string[], live?: boolean): Promise<CliResult>;
  /** A call of the orchestrator's API; throws unless the answer is a success. */
  post(path: string, body: unknown): Promise<unknown>;
  /** Lets everything run on after the demo's end. */
  release(): void;
}

export interface StageOptions {
  readonly checkout: string;
  readonly signal: AbortSignal;
  /** What ends is pushed here at once, so that an interrupted start leaves nothing behind. */
  readonly cleanups: AsyncDisposableStack;
  /** Told of each part as it stands. */
  readonly onReady: (step: string, evidence: string) => void;
}

const statusSchema = z.object({ apiUrl: z.string(), registryHost: z.string(), kubeconfigPath: z.string() });

interface Workplace {
  readonly root: string;
  readonly stateDir: string;
  readonly env: Record<string, string>;
  readonly command: readonly string[];
}

/** The terminal's settings, and what npm, pip and git need to reach the network; caches that are warm stay warm. */
function passEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const names =
    /^(PATH|LANG|TERM|NO_COLOR|FORCE_COLOR|COLUMNS|(https?|no)_proxy|.*(_CERTS?|_CA_BUNDLE|_CAINFO|SSL_CERT_DIR|SSL_CERT_FILE)|(npm_config_|pip_).*)$/i;
  const home = homedir();
  return {
    NPM_CONFIG_CACHE: join(home, '.npm'),
    PIP_CACHE_DIR: join(home, '.cache/pip'),
    NODE_COMPILE_CACHE: join(home, '.cache/tekton-dag/compile'),
    ...Object.fromEntries(
      Object.entries(env).flatMap(([key, value]) =>
        names.test(key) && value !== undefined ? [[key, value]] : [],
      ),
    ),
  };
}

/** HOME and all state lie in a directory of the demo's own; nothing of the user's settings is read or changed. */
async function prepareWorkplace({ checkout, cleanups }: StageOptions): Promise<Workplace> {
  const root = await mkdtemp(join(tmpdir(), 'tekton-dag-demo-'));
  cleanups.defer(() => rm(root, { recursive: true, force: true }));
  const stateDir = join(root, 'cluster');
  await mkdir(join(root, 'home'));
  const env = { ...passEnvironment(process.env), HOME: join(root, 'home') };
  return { root, stateDir, env, command: cliCommand(checkout) };
}

async function startCluster({ root, command, env, stateDir }: Workplace, { signal, cleanups }: StageOptions) {
  cleanups.defer(async () => {
    await runCli(command, ['local', 'down', '--state-dir', stateDir], {
      env,
      signal: new AbortController().signal,
    });
  });
  // Where containers are sandboxed they see the git repositories only when they are told of.
  const places = ['--state-dir', stateDir, '--visible-path', join(root, 'git')];
  const patience = ['--timeout', String(START_TIMEOUT_MS / 1_000)];
  const up = await runCli(command, ['local', 'up', ...places, ...patience], { env, signal });
  if (up.exitCode !== 0) throw new Error(`the local cluster did not start:\n${up.stderr}`);
  const status = await runCli(command, ['local', 'status', '--state-dir', stateDir, '-o', 'json'], {
    env,
    signal,
  });
  return statusSchema.parse(JSON.parse(status.stdout));
}

async function openClient(kubeconfigPath: string, homeDir: string): Promise<KubeClient> {
  const config = await loadKubeConfig({ env: { KUBECONFIG: kubeconfigPath }, homeDir });
  if (!config.ok) throw new Error(`the kubeconfig cannot be used: ${config.error.message}`);
  return createKubeClient(config.value);
}

interface OrchestratorFiles {
  readonly apiTokenFile: string;
  readonly webhookSecretFile: string;
}

async function writeSecrets(root: string): Promise<OrchestratorFiles> {
  const files = { apiTokenFile: join(root, 'api-token'), webhookSecretFile: join(root, 'webhook-secret') };
  for (const file of Object.values(files)) {
    await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  }
  return files;
}

function renderTeam(repositories: DemoRepositories, registryHost: string): string {
  return [
    'name: default',
    `namespace: ${RUN_NAMESPACE}`,
    `imageRegistry: ${registryHost}`,
    'interceptBackend: gateway',
    `gitUrl: ${repositories.platformUrl}`,
    `gitBaseUrl: ${repositories.baseUrl}`,
    'stacks:',
    '  - stacks/stack-one.yaml',
    '',
  ].join('\n');
}

interface OrchestratorSetup extends OrchestratorFiles {
  readonly team: string;
  readonly kubeconfigPath: string;
}

async function startOrchestrator(
  { root, env, command }: Workplace,
  { team, kubeconfigPath, ...files }: OrchestratorSetup,
  cleanups: AsyncDisposableStack,
): Promise<{ process: StartedProcess; url: string }> {
  const platformDir = join(root, 'work', 'platform');
  const teamDirectory = join(root, 'teams', 'default');
  await mkdir(teamDirectory, { recursive: true });
  await writeFile(join(teamDirectory, 'team.yaml'), team);
  const settings = {
    TEKTON_DAG_LISTEN_PORT: '0',
    TEKTON_DAG_STORE_URL: `sqlite:${join(root, 'orchestrator.sqlite')}`,
    TEKTON_DAG_PLATFORM_DIR: platformDir,
    TEKTON_DAG_TEAMS_DIR: join(root, 'teams'),
    TEKTON_DAG_WEBHOOK_SECRET_FILE: files.webhookSecretFile,
    TEKTON_DAG_API_TOKEN_FILE: files.apiTokenFile,
  };
  const logFile = join(root, 'orchestrator.log');
  const started = startProcess({
    command: [...command, 'serve', '--kubeconfig', kubeconfigPath],
    env: { ...env, ...settings },
    logFile,
  });
  cleanups.defer(() => started.stop());
  const [, url = ''] = await started.waitForLog(/listens on (http:\/\/[^\s]+?)\.?$/m, START_TIMEOUT_MS);
  return { process: started, url };
}

async function postJson(url: string, token: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** Starts all of it, in order. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const { checkout, signal, cleanups, onReady } = options;
  const workplace = await prepareWorkplace(options);
  const { root, stateDir, env, command } = workplace;
  const repositories = await createDemoRepositories(root, resolve(checkout), APPS);
  onReady('repositories', `${APPS.length + 1} git repositories under ${repositories.baseUrl}`);
  const cluster = await startCluster(workplace, options);
  onReady('local cluster', `${cluster.apiUrl}, registry ${cluster.registryHost}`);
  const client = await openClient(cluster.kubeconfigPath, root);
  cleanups.defer(async () => {
    await client.close();
  });
  const applied = await applyCatalog(client, checkout, RUN_NAMESPACE);
  const files = await writeSecrets(root);
  const setup = {
    ...files,
    team: renderTeam(repositories, cluster.registryHost),
    kubeconfigPath: cluster.kubeconfigPath,
  };
  const orchestrator = await startOrchestrator(workplace, setup, cleanups);
  onReady('orchestrator', `${orchestrator.url}, ${applied} objects of the catalog applied`);
  const token = await readFile(files.apiTokenFile, 'utf8');
  const withCluster = { ...env, KUBECONFIG: cluster.kubeconfigPath };
  return {
    ...cluster,
    ...files,
    root,
    stateDir,
    repositories,
    client,
    signal,
    orchestratorUrl: orchestrator.url,
    orchestratorPid: orchestrator.process.pid,
    cli: (args, live = false) => runCli(command, args, { env: withCluster, signal, live }),
    post: (path, body) => postJson(`${orchestrator.url}${path}`, token, body),
    release: () => orchestrator.process.release(),
  };
}
