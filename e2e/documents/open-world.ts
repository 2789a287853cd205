/** openWorld: the surroundings in which a page's commands are executed: checkout, home, forge and cluster. */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readClusterSettings } from '../cluster/rig/cluster-settings.ts';
import { serveGit } from '../cluster/rig/serve-git.ts';
import { createDemoRepositories, OWNER } from '../demo/demo-repositories.ts';
import { cliCommand } from '../demo/run-cli.ts';
import { copyCheckout, GIT_IDENTITY } from './copy-checkout.ts';
import type { World } from './page-worlds.ts';

const run = promisify(execFile);
const checkout = resolve(import.meta.dirname, '../..');
const APPS = ['demo-fe', 'release-lifecycle-demo', 'demo-api'] as const;
const daemonSchema = z.object({ kubeconfigPath: z.string(), registryHost: z.string() });

export interface OpenWorld extends AsyncDisposable {
  /** For the files of the session. */
  readonly root: string;
  /** A checkout of the page's own. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Ground {
  readonly root: string;
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly cleanups: AsyncDisposableStack;
}

/** The programs that the tests run on are not those of a newcomer: the checkout's own come with `npx` alone. */
const withoutOwnPrograms = (path: string): string =>
  path
    .split(delimiter)
    .filter((directory) => !directory.includes('node_modules'))
    .join(delimiter);

/** What is about another cluster, about the tests, or a credential of whoever runs them. */
const NOT_A_NEWCOMERS =
  /^(KUBECONFIG|NAMESPACE|(IMAGE_)?REGISTRY|GIT_(URL|REVISION)|TEKTON_DAG_\w*|VITEST\w*|NODE_OPTIONS|\w*(TOKEN|SECRET|PASSWORD|CREDENTIAL)\w*)$/;

function newcomersEnvironment(home: string): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || NOT_A_NEWCOMERS.test(name) ? [] : [[name, value]],
  );
  return {
    ...Object.fromEntries(kept),
    ...GIT_IDENTITY,
    PATH: withoutOwnPrograms(process.env['PATH'] ?? ''),
    HOME: home,
    XDG_STATE_HOME: join(home, 'state'),
    NPM_CONFIG_CACHE: join(homedir(), '.npm'),
    PIP_CACHE_DIR: join(homedir(), '.cache/pip'),
    NODE_COMPILE_CACHE: join(homedir(), '.cache/tekton-dag/compile'),
    KUBECONFIG: '',
    NO_COLOR: '1',
  };
}

/** Bare repositories of the example apps and of the platform, the origin of the checkout, under `<root>/git/acme`. */
async function createForge({ root, cwd, env }: Ground): Promise<string> {
  const directory = join(root, 'git');
  await createDemoRepositories(root, checkout, APPS);
  const platform = join(directory, OWNER, 'platform.git');
  await run('git', ['config', 'http.receivepack', 'true'], { cwd: platform, env });
  await run('git', ['remote', 'set-url', 'origin', platform], { cwd, env });
  await run('git', ['push', '--quiet', '--force', 'origin', 'main'], { cwd, env });
  return directory;
}

/** Ends a cluster that the page left up; an answer that none runs is fine. */
async function endLocalCluster({ cwd, env }: Ground): Promise<void> {
  const [program = '', ...args] = cliCommand(cwd);
  await run(program, [...args, 'local', 'down'], { cwd, env }).catch(() => undefined);
}

async function startLocalCluster(ground: Ground): Promise<Record<string, string>> {
  const { root, cwd, env } = ground;
  const git = await createForge(ground);
  const [program = '', ...args] = cliCommand(cwd);
  const visible = [root, checkout].flatMap((path) => ['--visible-path', path]);
  await run(program, [...args, 'local', 'up', ...visible], { cwd, env });
  const record = join(env['XDG_STATE_HOME'] ?? '', 'tekton-dag/local/daemon.json');
  const daemon = daemonSchema.parse(JSON.parse(await readFile(record, 'utf8')));
  return {
    KUBECONFIG: daemon.kubeconfigPath,
    REGISTRY: daemon.registryHost,
    GIT_BASE_URL: `file://${git}`,
  };
}

async function joinCluster(ground: Ground): Promise<Record<string, string>> {
  const settings = await readClusterSettings(process.env);
  const git = await createForge(ground);
  const server = ground.cleanups.use(await serveGit(git, settings.hostAddress));
  await run('git', ['remote', 'set-url', 'origin', `${server.url}/${OWNER}/platform.git`], ground);
  return {
    KUBECONFIG: settings.kubeconfig,
    REGISTRY: settings.registry,
    HOST_ADDRESS: settings.hostAddress,
    TEKTON_DAG_IMAGE: settings.image,
    TOOLS_IMAGE: settings.toolsImage,
    GIT_BASE_URL: server.url,
  };
}

async function furnish(world: World, ground: Ground): Promise<Record<string, string>> {
  if (world === 'local') return await startLocalCluster(ground);
  if (world === 'cluster' || world === 'argocd') return await joinCluster(ground);
  return {};
}

/** Everything of it ends with it, a local cluster that the page has started included. */
export async function openWorld(world: World): Promise<OpenWorld> {
  await using cleanups = new AsyncDisposableStack();
  const root = await mkdtemp(join(tmpdir(), 'tekton-dag-documents-'));
  cleanups.defer(() => rm(root, { recursive: true, force: true }));
  const home = join(root, 'home');
  const cwd = join(root, 'checkout');
  await mkdir(home);
  await copyCheckout(checkout, cwd);
  const ground = { root, cwd, env: newcomersEnvironment(home), cleanups };
  cleanups.defer(() => endLocalCluster(ground));
  const env = { ...ground.env, ...(await furnish(world, ground)) };
  const kept = cleanups.move();
  return { root, cwd, env, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
