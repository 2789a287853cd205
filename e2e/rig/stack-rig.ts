/**
 * StackRig: temp repositories of tiny apps, a platform repository, a real local cluster, the real CLI and, when asked
 * for, a real orchestrator. Everything lies in one temp directory and ends with the rig.
 */

import { runCli as runCliHere } from '@tekton-dag/cli';
import { createTempForge, type TempForge } from '@tekton-dag/steps/testing';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { applyCatalog } from '../demo/apply-catalog.ts';
import { cliCommand } from '../demo/run-cli.ts';
import { findLeftProcesses } from './find-left-processes.ts';
import { linkHostPrograms } from './host-programs.ts';
import { OWNER, renderStack, type TestStack } from './render-stack.ts';
import { startRigCluster, type RigCluster } from './rig-cluster.ts';
import { startRigOrchestrator, type RigOrchestrator } from './rig-orchestrator.ts';
import { awaitRun, type RunOutcome } from './run-outcome.ts';
import { createSteering, type Steering } from './steering.ts';

export { OWNER } from './render-stack.ts';
export const RUN_NAMESPACE = 'tekton-pipelines';
const checkout = resolve(import.meta.dirname, '../..');

export interface CliOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StackRig extends AsyncDisposable {
  readonly root: string;
  readonly cluster: RigCluster;
  readonly steering: Steering;
  readonly forge: TempForge;
  /** The command as a process: for tests that signal it. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** `build-command` of an app that the test steers; needs the program in the app's repository. */
  steeredCommand(name: string): string;
  /** Makes `stacks/<name>.yaml` of the platform repository. */
  writeStack(stack: TestStack): Promise<void>;
  /** Commits files to the platform repository. */
  pushPlatform(files: Readonly<Record<string, string>>): Promise<void>;
  /** Pushes a tiny app, or a change of it on a branch; `files` win over its own. Returns the commit. */
  pushApp(app: string, files?: Readonly<Record<string, string>>, branch?: string): Promise<string>;
  /** The real command in this process. */
  cli(...args: readonly string[]): Promise<CliOutcome>;
  /** `run create --mode ... --stack stacks/<stack>.yaml`; the name of the run. */
  createRun(mode: 'bootstrap' | 'pr', stack: string, ...args: readonly string[]): Promise<string>;
  finish(run: string): Promise<RunOutcome>;
  /** Creates a run and waits for its end. */
  run(mode: 'bootstrap' | 'pr', stack: string, ...args: readonly string[]): Promise<RunOutcome>;
  /** A real orchestrator of these stacks, which must have been written. */
  startOrchestrator(stacks: readonly string[]): Promise<RigOrchestrator>;
  /** Ends everything; what is still there then, which should be nothing. */
  end(): Promise<readonly string[]>;
}

const DOCKERFILE = 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "tiny-app.ts"]\n';

const collect = (): { stream: Writable; text: () => string } => {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
};

/** What a repository of the tiny app holds. */
export async function tinyAppFiles(): Promise<Record<string, string>> {
  const read = (file: string): Promise<string> => readFile(join(import.meta.dirname, file), 'utf8');
  return {
    Dockerfile: DOCKERFILE,
    'behaviour.json': '{"version":"1"}',
    'tiny-app.ts': await read('tiny-app.ts'),
    'steered-program.ts': await read('steered-program.ts'),
  };
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

function createCli({ root, env, command, cluster, forge }: RigParts): StackRig['cli'] {
  return async (...args) => {
    const [out, complaints] = [collect(), collect()];
    const exitCode = await runCliHere(args, {
      env: { ...env, KUBECONFIG: cluster.kubeconfigPath, NO_COLOR: '1' },
      cwd: join(forge.directory, 'work', OWNER, 'platform'),
      homeDir: root,
      selfCommand: command,
      stdout: out.stream,
      stderr: complaints.stream,
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      columns: 100,
      rows: 24,
      signal: new AbortController().signal,
    });
    return { exitCode, stdout: out.text(), stderr: complaints.text() };
  };
}

function createRuns({ cluster }: RigParts, cli: StackRig['cli'], teamFile: string) {
  let attempt = 0;
  const createRun: StackRig['createRun'] = async (mode, stack, ...args) => {
    attempt += 1;
    const unique = args.includes('--attempt') ? [] : ['--attempt', String(attempt)];
    const from = ['--mode', mode, '--stack', `stacks/${stack}.yaml`, '--team', teamFile];
    const created = await cli('run', 'create', ...from, ...unique, ...args);
    if (created.exitCode !== 0) throw new Error(`run create: ${created.stderr}${created.stdout}`);
    return created.stdout.trim().replace(/^.*\//, '');
  };
  const finish = (run: string): Promise<RunOutcome> => awaitRun(cluster.client, RUN_NAMESPACE, run);
  const run: StackRig['run'] = async (...request) => await finish(await createRun(...request));
  return { createRun, finish, run };
}

/** One after the other: the forge has one working tree per repository. */
function createPushes(forge: TempForge, files: Readonly<Record<string, string>>) {
  const pushed = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  const push: TempForge['push'] = (...args) => {
    const next = last.then(async () => await forge.push(...args));
    last = next.catch(() => undefined);
    return next;
  };
  const pushPlatform: StackRig['pushPlatform'] = async (changes) => {
    await push(`${OWNER}/platform`, changes);
  };
  const writeStack: StackRig['writeStack'] = async (stack) =>
    await pushPlatform({ [`stacks/${stack.name}.yaml`]: renderStack(stack) });
  const pushApp: StackRig['pushApp'] = async (app, changes = {}, branch = 'main') => {
    const first = !pushed.has(app);
    pushed.add(app);
    return await push(`${OWNER}/${app}`, first ? { ...files, ...changes } : changes, branch);
  };
  return { pushPlatform, writeStack, pushApp };
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
    const cli = createCli(parts);
    return {
      ...parts,
      steeredCommand: (name) => `node steered-program.ts ${parts.steering.port} ${name}`,
      ...createPushes(parts.forge, await tinyAppFiles()),
      cli,
      ...createRuns(parts, cli, await writeTeam(parts, [])),
      startOrchestrator: createOrchestrators(parts, cleanups),
      end,
      [Symbol.asyncDispose]: async () => void (await end()),
    };
  } catch (fault) {
    await end();
    throw fault;
  }
}
