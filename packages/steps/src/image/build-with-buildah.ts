/** Builds and pushes an image with the buildah program, for Dockerfiles with RUN or several stages. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

/** Nothing of the machine's own settings counts: storage, registries and policy are this build's. */
const openScratch = async ({ env, registries }: BuildahOptions): Promise<Scratch> => {
  const directory = await mkdtemp(join(tmpdir(), 'buildah-'));
  const registriesConf = join(directory, 'registries.conf');
  const policy = join(directory, 'policy.json');
  await writeFile(registriesConf, renderRegistriesConf(registries));
  await writeFile(policy, JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }));
  await mkdir(join(directory, 'tmp'));
  const authFile = await findDockerConfig(env);
  return {
    directory,
    digestFile: join(directory, 'digest'),
    args: [
      `--root=${join(directory, 'storage')}`,
      `--runroot=${join(directory, 'run')}`,
      '--storage-driver=vfs',
      `--registries-conf=${registriesConf}`,
    ],
    env: {
      ...env,
      BUILDAH_ISOLATION: 'chroot',
      TMPDIR: join(directory, 'tmp'),
      ...(authFile === undefined ? {} : { REGISTRY_AUTH_FILE: authFile }),
    },
  };
};

const cacheArgs = (repository: string): string[] =>
  repository === '' ? [] : [`--cache-from=${repository}`, `--cache-to=${repository}`];

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
    await rm(scratch.directory, { recursive: true, force: true });
  }
};
