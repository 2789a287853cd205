/** readGitHubToken: from GITHUB_TOKEN, GH_TOKEN, or the program gh. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';

/** CliFailure when there is none. */
export async function readGitHubToken(host: CliHost): Promise<string> {
  const { GITHUB_TOKEN: first = '', GH_TOKEN: second = '' } = host.env;
  const token = first.trim() || second.trim() || (await askGh(host));
  if (token !== '') return token;
  throw new CliFailure(
    EXIT.invalidInput,
    'there is no GitHub token',
    'set GITHUB_TOKEN to one that may administer the repositories (scope admin:repo_hook), or log in with `gh auth login`',
  );
}

/** gh manual, "gh auth token". Empty when gh is not there or not logged in. */
async function askGh(host: CliHost): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('gh', ['auth', 'token'], {
      env: { ...host.env },
      signal: host.signal,
    });
    return stdout.trim();
  } catch {
    return '';
  }
}
