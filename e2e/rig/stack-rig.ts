/**
 * StackRig: temp repositories of tiny apps, a platform repository, a real local cluster, the real CLI and, when asked
 * for, a real orchestrator. Everything lies in one temp directory and ends with the rig.
 */

import { createTempForge, type TempForge } from '@tekton-dag/steps/testing';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { applyCatalog } from '../demo/apply-catalog.ts';
import { cliCommand } from '../demo/run-cli.ts';
import { createPushes, type Pushes } from './create-pushes.ts';
import { createRigCli, type RigCli } from './create-rig-cli.ts';
import { createRigRuns, type RigRuns } from './create-rig-runs.ts';
import { findLeftProcesses } from './find-left-processes.ts';
import { linkHostPrograms } from './host-programs.ts';
import { OWNER } from './render-stack.ts';
import { startRigCluster, type RigCluster } from './rig-cluster.ts';
import { startRigOrchestrator, type RigOrchestrator } from './rig-orchestrator.ts';
import { createSteering, type Steering } from './steering.ts';
import { tinyAppFiles } from './tiny-app-files.ts';

export { OWNER } from './render-stack.ts';
export const RUN_NAMESPACE = 'tekton-pipelines';
const checkout = resolve(import.meta.dirname, '../..');

export interface StackRig extends AsyncDisposable, Pushes, RigRuns {
  readonly root: string;
  readonly cluster: RigCluster;
  readonly steering: Steering;
  readonly forge: TempForge;
  /** The command as a process: for tests that signal it. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** `build-command` of an app that the test steers; needs the program in the app's repository. */
  steeredCommand(name: string): string;
  /** The real command in this process. */
  readonly cli: RigCli;
  readonly teamFile: string;
  /** A real orchestrator of these stacks, which must have been written. */
  startOrchestrator(stacks: readonly string[]): Promise<RigOrchestrator>;
  /** Ends everything; what is still there then, which should be nothing. */
  end(): Promise<readonly string[]>;
}

interface RigParts {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly forge: TempForge;
  readonly cluster: RigCluster;
  readonly steering: Steering;
}

async function writeTeam({ root, forge, cluster }: RigParts, stacks: readonly string[]): Promise<string> {
  const team = {
    name: 'default',
    namespace: RUN_NAMESPACE,
    imageRegistry: cluster.registryHost,
    interceptBackend: 'gateway',
    gitUrl: forge.urlOf(`${OWNER}/platform`),
    gitBaseUrl: forge.baseUrl,
    stacks: stacks.map((stack) => `stacks/${stack}.yaml`),
  };
  const directory = join(root, 'teams', 'default');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'team.yaml'), JSON.stringify(team));
  return join(directory, 'team.yaml');
}

async function startParts(root: string, cleanups: AsyncDisposableStack): Promise<RigParts> {
  const home = join(root, 'home');
  const temporary = join(root, 'tmp');
  await Promise.all([home, temporary].map((directory) => mkdir(directory)));
  const path = await linkHostPrograms(root);
  // The cache of compiled code is the demo's too: steps start much faster with it.
  const compileCache = join(homedir(), '.cache/tekton-dag/compile');
  const env = { PATH: path, HOME: home, TMPDIR: temporary, NODE_COMPILE_CACHE: compileCache };
  const command = cliCommand(checkout);
  const forge = cleanups.use(await createTempForge());
  const steering = cleanups.use(await createSteering());
  const cluster = await startRigCluster({ root, command, env });
  cleanups.defer(() => cluster.stop());
  await applyCatalog(cluster.client, checkout, RUN_NAMESPACE);
  return { root, env, command, forge, cluster, steering };
}

/** The end of a rig: everything stops, and only then is looked for what did not. */
function createEnd(root: string, cleanups: AsyncDisposableStack): StackRig['end'] {
  let left: Promise<readonly string[]> | undefined;
  const end = async (): Promise<readonly string[]> => {
    await cleanups.disposeAsync();
    const processes = await findLeftProcesses(root);
    await rm(root, { recursive: true, force: true });
    return processes;
  };
  return () => (left ??= end());
}

function createOrchestrators(parts: RigParts, cleanups: AsyncDisposableStack): StackRig['startOrchestrator'] {
  const { root, forge, cluster, command, env } = parts;
  return async (stacks) => {
    await writeTeam(parts, stacks);
    const platformDir = join(forge.directory, 'work', OWNER, 'platform');
    const setup = { root, command, env, platformDir, teamsDir: join(root, 'teams') };
    const orchestrator = await startRigOrchestrator({ ...setup, kubeconfigPath: cluster.kubeconfigPath });
    cleanups.defer(() => orchestrator.stop());
    return orchestrator;
  };
}

/** Starts all of it but the orchestrator. What has started when a part does not start is ended. */
export async function createStackRig(): Promise<StackRig> {
  const root = await mkdtemp(join(tmpdir(), 'tekton-dag-rig-'));
  const cleanups = new AsyncDisposableStack();
  const end = createEnd(root, cleanups);
  try {
    const parts = await startParts(root, cleanups);
    const { cluster, forge } = parts;
    const cli = createRigCli({
      ...parts,
      kubeconfigPath: cluster.kubeconfigPath,
      homeDir: root,
      platformDir: join(forge.directory, 'work', OWNER, 'platform'),
    });
    const teamFile = await writeTeam(parts, []);
    return {
      ...parts,
      steeredCommand: (name) => `node steered-program.ts ${parts.steering.address} ${name}`,
      ...createPushes(forge, await tinyAppFiles()),
      cli,
      teamFile,
      ...createRigRuns({ client: cluster.client, namespace: RUN_NAMESPACE, cli, teamFile }),
      startOrchestrator: createOrchestrators(parts, cleanups),
      end,
      [Symbol.asyncDispose]: async () => void (await end()),
    };
  } catch (fault) {
    await end();
    throw fault;
  }
}
