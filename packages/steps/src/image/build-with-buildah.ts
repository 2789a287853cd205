/** Builds and pushes an image with the buildah program, for Dockerfiles with RUN or several stages. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../run-program.ts';
import { StepFailure } from '../step-failure.ts';

export interface BuildahOptions {
  readonly contextDirectory: string;
  readonly dockerfilePath: string;
  /** Without tag. */
  readonly image: string;
  readonly tags: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  /** Plain HTTP is right for registries on loopback alone. */
  readonly plainHttp: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

const buildah = async (args: readonly string[], options: BuildahOptions): Promise<void> => {
  const { contextDirectory: cwd, env, signal, onLine } = options;
  const outcome = await runProgram('buildah', args, { cwd, env, signal, onLine });
  if (outcome.code === 0) return;
  const last = outcome.stderr.trim().split('\n').at(-1) ?? '';
  throw new StepFailure(`buildah ${args[0] ?? ''} failed (exit code ${outcome.code}): ${last}`, {
    code: 'IMAGE_BUILD_FAILED',
  });
};

/** Whether the program can be run at all. */
export const hasBuildah = async (env: Readonly<Record<string, string | undefined>>): Promise<boolean> =>
  (await runProgram('buildah', ['--version'], { cwd: '/', env })).code === 0;

/** Returns the digest of the pushed manifest. */
export const buildWithBuildah = async (options: BuildahOptions): Promise<string> => {
  const scratch = await mkdtemp(join(tmpdir(), 'buildah-'));
  const digestFile = join(scratch, 'digest');
  const local = `tekton-dag-build-${process.pid}`;
  const annotations = Object.entries(options.annotations).flatMap(([key, value]) => [
    '--annotation',
    `${key}=${value}`,
  ]);
  try {
    const build = ['--timestamp=0', '--format=oci', `--file=${options.dockerfilePath}`, `--tag=${local}`];
    await buildah(['build', ...build, ...annotations, '--', options.contextDirectory], options);
    for (const tag of options.tags) {
      const push = [`--digestfile=${digestFile}`, `--tls-verify=${String(!options.plainHttp)}`];
      await buildah(['push', ...push, '--', local, `docker://${options.image}:${tag}`], options);
    }
    return (await readFile(digestFile, 'utf8')).trim();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
