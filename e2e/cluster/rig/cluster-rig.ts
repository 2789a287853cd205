/**
 * ClusterRig: two namespaces of a real cluster (the runs' and the apps'), the catalog applied in the first, a forge that
 * pods reach, and the real CLI. Everything ends with the rig.
 */

import { createKubeClient, kinds, loadKubeConfig, type KubeClient } from '@tekton-dag/kube';
import { createTempForge, type TempForge } from '@tekton-dag/steps/testing';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { applyCatalog } from '../../demo/apply-catalog.ts';
import { cliCommand } from '../../demo/run-cli.ts';
import type { StackAnswer } from '../../rig/ask-stack.ts';
import { createPushes, type Pushes } from '../../rig/create-pushes.ts';
import { createRigCli, type RigCli } from '../../rig/create-rig-cli.ts';
import { createRigRuns, type RigRuns } from '../../rig/create-rig-runs.ts';
import { OWNER } from '../../rig/render-stack.ts';
import { createSteering, type Steering } from '../../rig/steering.ts';
import { tinyAppFiles } from '../../rig/tiny-app-files.ts';
import { askThroughServer } from './ask-through-server.ts';
import { bindDeployer } from './bind-deployer.ts';
import { readClusterSettings, type ClusterSettings } from './cluster-settings.ts';
import { serveGit } from './serve-git.ts';

const checkout = resolve(import.meta.dirname, '../../..');
const RUN_TIMEOUT_MS = 600_000;
/** A steered program is some pods away. */
const PROGRAM_TIMEOUT_MS = 600_000;

export interface ClusterRig extends AsyncDisposable, Pushes, RigRuns {
  readonly settings: ClusterSettings;
  readonly client: KubeClient;
  /** Where the runs are. */
  readonly namespace: string;
  /** Where the apps are. */
  readonly appsNamespace: string;
  readonly forge: TempForge;
  readonly steering: Steering;
  readonly teamFile: string;
  readonly cli: RigCli;
  /** `build-command` or test command of an app that the test steers. */
  steeredCommand(name: string): string;
  /** What the apps answer, asked through the API server; `session` tags the request. */
  ask(app: string, session?: string): Promise<StackAnswer>;
}

export interface ClusterRigOptions {
  /** Fields of the team file that differ. */
  readonly team?: Readonly<Record<string, unknown>>;
  /** Labels of both namespaces, e.g. of Pod Security. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Who brings Tasks, Pipelines and rights; default: the rig. */
  readonly catalogFrom?: 'rig' | 'chart';
}

async function openClient({ kubeconfig }: ClusterSettings): Promise<KubeClient> {
  const config = await loadKubeConfig({ env: { KUBECONFIG: kubeconfig }, homeDir: '/' });
  if (!config.ok) throw new Error(`KUBECONFIG cannot be used: ${config.error.message}`);
  return createKubeClient(config.value);
}

/** A temp forge whose repositories pods reach. */
async function createServedForge(address: string, cleanups: AsyncDisposableStack): Promise<TempForge> {
  const forge = cleanups.use(await createTempForge());
  const server = cleanups.use(await serveGit(join(forge.directory, 'bare'), address));
  return { ...forge, baseUrl: server.url, urlOf: (repository) => `${server.url}/${repository}.git` };
}

function renderTeam(parts: Pick<ClusterRig, 'settings' | 'namespace' | 'forge'>, fields: object): object {
  const { registry, toolsImage } = parts.settings;
  const tools = ['npm', 'maven', 'gradle', 'pip', 'composer'];
  return {
    name: 'default',
    namespace: parts.namespace,
    imageRegistry: `${registry}/${parts.namespace}`,
    insecureRegistries: [registry],
    interceptBackend: 'gateway',
    gitUrl: parts.forge.urlOf(`${OWNER}/platform`),
    gitBaseUrl: parts.forge.baseUrl,
    compileImages: Object.fromEntries(tools.map((tool) => [tool, toolsImage])),
    stacks: [],
    ...fields,
  };
}

async function createNamespaces(
  client: KubeClient,
  names: readonly string[],
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  for (const name of names) {
    await client
      .resource(kinds.namespaces)
      .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  }
}

/** The namespaces, with the catalog unless a chart brings it; they go with the rig. */
async function prepareCluster(
  client: KubeClient,
  cleanups: AsyncDisposableStack,
  { namespaceLabels = {}, catalogFrom = 'rig' }: ClusterRigOptions,
): Promise<Pick<ClusterRig, 'namespace' | 'appsNamespace'>> {
  const namespace = `tekton-dag-test-${randomBytes(4).toString('hex')}`;
  const appsNamespace = `${namespace}-apps`;
  cleanups.defer(async () => {
    for (const name of [namespace, appsNamespace]) await client.resource(kinds.namespaces).delete(name);
  });
  await createNamespaces(client, [namespace, appsNamespace], namespaceLabels);
  if (catalogFrom === 'chart') return { namespace, appsNamespace };
  await applyCatalog(client, checkout, namespace);
  await bindDeployer(client, { checkout, namespace, appsNamespace });
  return { namespace, appsNamespace };
}

type Ground = Pick<ClusterRig, 'settings' | 'client' | 'namespace' | 'appsNamespace' | 'forge' | 'steering'>;

async function prepareGround(options: ClusterRigOptions, cleanups: AsyncDisposableStack): Promise<Ground> {
  const settings = await readClusterSettings(process.env);
  const client = await openClient(settings);
  cleanups.defer(() => client.close());
  const namespaces = await prepareCluster(client, cleanups, options);
  const forge = await createServedForge(settings.hostAddress, cleanups);
  const steering = cleanups.use(await createSteering(settings.hostAddress, PROGRAM_TIMEOUT_MS));
  return { settings, client, ...namespaces, forge, steering };
}

async function prepareUser(
  ground: Ground,
  options: ClusterRigOptions,
): Promise<RigRuns & Pick<ClusterRig, 'cli' | 'teamFile'>> {
  const { settings, client, namespace, forge } = ground;
  const platformDir = join(forge.directory, 'work', OWNER, 'platform');
  const teamFile = join(forge.directory, 'team.yaml');
  await mkdir(platformDir, { recursive: true });
  await writeFile(teamFile, JSON.stringify(renderTeam(ground, options.team ?? {})));
  const cli = createRigCli({
    env: { PATH: process.env['PATH'] ?? '' },
    kubeconfigPath: settings.kubeconfig,
    homeDir: forge.directory,
    platformDir,
    command: cliCommand(checkout),
  });
  const args = ['--param', `tekton-dag-image=${settings.image}`];
  const { timeoutMs = RUN_TIMEOUT_MS } = options;
  return { cli, teamFile, ...createRigRuns({ client, namespace, cli, teamFile, args, timeoutMs }) };
}

/** Makes all of it. What was made when a part fails is removed. */
export async function createClusterRig(options: ClusterRigOptions = {}): Promise<ClusterRig> {
  await using cleanups = new AsyncDisposableStack();
  const ground = await prepareGround(options, cleanups);
  const { settings, forge, steering, appsNamespace } = ground;
  const pushes = createPushes(forge, await tinyAppFiles(settings.toolsImage));
  const user = await prepareUser(ground, options);
  const kept = cleanups.move();
  return {
    ...ground,
    ...user,
    ...pushes,
    writeStack: (stack) => pushes.writeStack({ namespace: appsNamespace, ...stack }),
    steeredCommand: (name) => `node steered-program.ts ${steering.address} ${name}`,
    ask: (app, session) => askThroughServer(settings.kubeconfig, { namespace: appsNamespace, app, session }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
