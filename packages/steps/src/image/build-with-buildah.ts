/** Builds and pushes an image with the buildah program, for Dockerfiles with RUN or several stages. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageProxies } from '@tekton-dag/model';
import { proxyVariables } from '../build-app/proxy-variables.ts';
import { findDockerConfig } from '../registry/registry-credentials.ts';
import { runProgram } from '../run-program.ts';
import { StepFailure } from '../step-failure.ts';
import { renderRegistriesConf, type RegistriesSettings } from './render-registries-conf.ts';

export interface BuildahOptions {
  readonly contextDirectory: string;
  readonly dockerfilePath: string;
  /** Image with tag. */
  readonly target: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** Image repository that keeps layers, or empty. */
  readonly cacheRepository: string;
  readonly registries: RegistriesSettings;
  /** Known to RUN lines as build arguments, for Dockerfiles that declare them. */
  readonly proxies: PackageProxies;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A directory on a disk: overlay does not stand on a container's own file system. */
  readonly scratchParent: string;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/** Directory of one build: storage, temp files, settings and the digest. */
interface Scratch {
  readonly directory: string;
  readonly digestFile: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

const explain = (command: string, code: number, output: string): StepFailure => {
  const lines = output.trim().split('\n');
  const last = lines.findLast((line) => /^error|^time=.*level=error/i.test(line)) ?? lines.at(-1) ?? '';
  return new StepFailure(`buildah ${command} failed (exit code ${code}): ${last}`, {
    code: 'IMAGE_BUILD_FAILED',
    hint: /CLONE_NEWUSER/.test(output)
      ? 'the builder pod needs SETUID, SETGID, SETFCAP and no seccomp profile; see docs/builds.md'
      : 'the lines of the build are above',
  });
};

const buildah = async (args: readonly string[], scratch: Scratch, options: BuildahOptions): Promise<void> => {
  const { contextDirectory: cwd, signal, onLine } = options;
  const outcome = await runProgram('buildah', [...scratch.args, ...args], {
    cwd,
    env: scratch.env,
    signal,
    onLine,
  });
  if (outcome.code !== 0) throw explain(args[0] ?? '', outcome.code, outcome.stderr);
};

/** Whether the program can be run at all. */
export const hasBuildah = async (env: Readonly<Record<string, string | undefined>>): Promise<boolean> =>
  (await runProgram('buildah', ['--version'], { cwd: '/', env })).code === 0;

/** Settings of this build alone; `DOCKER_CONFIG` may name a directory that Tekton left empty, which buildah refuses. */
const environmentOf = async (
  { env }: BuildahOptions,
  directory: string,
): Promise<Record<string, string | undefined>> => {
  const authFile = await findDockerConfig(env);
  return {
    ...env,
    DOCKER_CONFIG: undefined,
    REGISTRY_AUTH_FILE: authFile,
    BUILDAH_ISOLATION: 'chroot',
    TMPDIR: join(directory, 'tmp'),
  };
};

/** overlay shares layers; vfs copies all files for each layer, and works everywhere. */
const chooseDriver = async (
  args: readonly string[],
  env: Scratch['env'],
  signal: AbortSignal,
): Promise<string> => {
  const overlay = '--storage-driver=overlay';
  const outcome = await runProgram('buildah', [...args, overlay, 'info'], { cwd: '/', env, signal });
  return outcome.code === 0 ? overlay : '--storage-driver=vfs';
};

/** Nothing of the machine's own settings counts: storage, registries and policy are this build's. */
const openScratch = async (options: BuildahOptions): Promise<Scratch> => {
  const { registries, scratchParent, signal } = options;
  const directory = await mkdtemp(join(scratchParent, 'buildah-'));
  const registriesConf = join(directory, 'registries.conf');
  await writeFile(registriesConf, renderRegistriesConf(registries));
  await writeFile(
    join(directory, 'policy.json'),
    JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }),
  );
  await mkdir(join(directory, 'tmp'));
  const env = await environmentOf(options, directory);
  const storage = [`--root=${join(directory, 'storage')}`, `--runroot=${join(directory, 'run')}`];
  const args = [...storage, `--registries-conf=${registriesConf}`];
  const driver = await chooseDriver(args, env, signal);
  return { directory, digestFile: join(directory, 'digest'), args: [...args, driver], env };
};

/** Files of the image belong to users that only buildah's user namespace may touch. */
const closeScratch = async ({ directory, env }: Scratch): Promise<void> => {
  await runProgram('buildah', ['unshare', 'rm', '-rf', '--', directory], { cwd: '/', env });
  // What is left goes with the pod.
  await rm(directory, { recursive: true, force: true }).catch(() => undefined);
};

/** Without a cache nobody would see the layers in between. */
const cacheArgs = (repository: string): string[] =>
  repository === '' ? [] : ['--layers', `--cache-from=${repository}`, `--cache-to=${repository}`];

const buildAndPush = async (options: BuildahOptions, scratch: Scratch): Promise<string> => {
  const policy = `--signature-policy=${join(scratch.directory, 'policy.json')}`;
  const annotations = Object.entries(options.annotations).map(
    ([key, value]) => `--annotation=${key}=${value}`,
  );
  const variables = Object.entries(proxyVariables(options.proxies));
  const buildArgs = variables.map(([name, value]) => `--build-arg=${name}=${value}`);
  const settings = [
    '--layers',
    '--timestamp=0',
    '--format=oci',
    `--file=${options.dockerfilePath}`,
    '--tag=app',
  ];
  const cache = cacheArgs(options.cacheRepository);
  const build = ['build', policy, ...settings, ...cache, ...annotations, ...buildArgs];
  await buildah([...build, '--', options.contextDirectory], scratch, options);
  const push = ['push', policy, '--quiet', `--digestfile=${scratch.digestFile}`];
  await buildah([...push, '--', 'app', `docker://${options.target}`], scratch, options);
  return (await readFile(scratch.digestFile, 'utf8')).trim();
};

/** Returns the digest of the pushed manifest. Throws IMAGE_BUILD_FAILED with buildah's last error. */
export const buildWithBuildah = async (options: BuildahOptions): Promise<string> => {
  const scratch = await openScratch(options);
  try {
    return await buildAndPush(options, scratch);
  } finally {
    await closeScratch(scratch);
  }
};
