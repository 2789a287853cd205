/** runGit: git without prompts, without the settings and helpers of the user, and with a limit of time and output. */

import { execFile } from 'node:child_process';

export interface GitOutcome {
  readonly isDone: boolean;
  readonly stdout: string;
  /** What git said, and how it ended, in the words of Tekton's resolver; empty when it is done. */
  readonly complaint: string;
}

/** Runs git in one copy; `input` is what it reads. */
export type RunGit = (args: readonly string[], input?: string) => Promise<GitOutcome>;

export interface GitOptions {
  /** Of the bare repository; git looks for no other. */
  readonly directory: string;
  readonly signal: AbortSignal;
  /** For HTTP; told to git by its environment, which no other user sees. */
  readonly token?: string | undefined;
  /** What git reads. */
  readonly input?: string | undefined;
}

/** Tekton's own limit of one resolution (docs: git-resolver.md, fetch-timeout). */
const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'credential.helper=',
  'protocol.ext.allow=never',
  'advice.detachedHead=false',
  // Nothing refers to the commits of a copy: tidying up would take them for rubbish.
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/** Never rejects. */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitOutcome> {
  const { directory, signal, token, input = '' } = options;
  const authentication = token === undefined ? [] : ['--config-env', 'http.extraHeader=GIT_AUTH_HEADER'];
  const command = args[0] ?? '';
  return new Promise((resolve) => {
    const { stdin } = execFile(
      'git',
      [...SETTINGS, ...authentication, ...args],
      {
        cwd: directory,
        env: environmentOf(directory, token),
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        signal,
      },
      (error, stdout, stderr) => {
        const complaint = error === null ? '' : complaintOf(command, error, stderr);
        resolve({ isDone: error === null, stdout, complaint });
      },
    );
    // Git may end before it has read everything.
    stdin?.on('error', () => {});
    stdin?.end(input);
  });
}

function environmentOf(directory: string, token: string | undefined): NodeJS.ProcessEnv {
  const header = `Authorization: Basic ${Buffer.from(`git:${token ?? ''}`).toString('base64')}`;
  return {
    PATH: process.env['PATH'],
    LC_ALL: 'C.UTF-8',
    GIT_DIR: directory,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
    GIT_SSH_COMMAND: 'ssh -F /dev/null -o BatchMode=yes -o IdentityFile=none',
    ...(token === undefined ? {} : { GIT_AUTH_HEADER: header }),
  };
}

type GitFault = Error & { readonly code?: unknown; readonly killed?: boolean };

function complaintOf(command: string, error: GitFault, stderr: string): string {
  if (error.code === 'ENOENT') return 'git is not on the PATH of the local cluster';
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `more than ${MAX_OUTPUT_BYTES} bytes`;
  const end = error.killed === true ? 'signal: killed' : `exit status ${String(error.code)}`;
  const said = stderr.trim().replaceAll(/:\/\/[^/\s@]+@/g, '://');
  if (said.includes('could not read Username')) return 'clone error: authentication required';
  return `git ${command} error: ${said}: ${end}`;
}
