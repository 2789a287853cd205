/** One git program with a fixed, safe environment. */
import { runProgram, type ProgramOutcome } from '../run-program.ts';
import { StepFailure } from '../step-failure.ts';

const SAFE_CONFIG = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'credential.helper=',
  'advice.detachedHead=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'init.defaultBranch=main',
];
const CONFIG_ARGS = SAFE_CONFIG.flatMap((setting) => ['-c', setting]);

export interface Git {
  /** Runs git and returns whatever comes. */
  tryRun(args: readonly string[], cwd: string): Promise<ProgramOutcome>;
  /** Runs git and returns stdout, trimmed; throws GIT_FAILED on another exit code than 0. */
  run(args: readonly string[], cwd: string): Promise<string>;
}

/** Removes user names and passwords from URLs in text that git printed. */
export const withoutCredentials = (text: string): string => text.replaceAll(/:\/\/[^/\s@]+@/g, '://');

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** Binds git to its environment. */
export const createGit = (variables: Readonly<Record<string, string>>, signal?: AbortSignal): Git => {
  const tryRun = async (args: readonly string[], cwd: string): Promise<ProgramOutcome> =>
    await runProgram('git', [...CONFIG_ARGS, ...args], {
      cwd,
      env: variables,
      ...(signal === undefined ? {} : { signal }),
    });
  return {
    tryRun,
    async run(args, cwd) {
      const outcome = await tryRun(args, cwd);
      if (outcome.code === 0) return outcome.stdout.trim();
      if (outcome.code === 127) {
        throw new StepFailure('git is not on the PATH', {
          code: 'GIT_MISSING',
          hint: 'install git 2.30 or newer',
        });
      }
      throw new StepFailure(`git ${args[0] ?? ''}: ${withoutCredentials(lastLine(outcome.stderr))}`, {
        code: 'GIT_FAILED',
      });
    },
  };
};
