/** Reads the stack and the versions out of the platform repository at its pinned revision. */
import { posix } from 'node:path';
import {
  parseStack,
  parseVersions,
  renderDiagnostics,
  type Diagnostic,
  type Stack,
  type Versions,
} from '@tekton-dag/model';
import { fetchCommit } from '../git/fetch-commit.ts';
import type { Git } from '../git/git.ts';
import { withoutCredentials } from '../git/git.ts';
import { resolveRevision } from '../git/resolve-revision.ts';
import { EXIT, StepFailure } from '../step-failure.ts';

export interface PlatformFilesOptions {
  readonly git: Git;
  readonly url: string;
  readonly revision: string;
  readonly stackFile: string;
  readonly versionsFile: string;
  /** Made when it does not exist. */
  readonly directory: string;
}

export interface PlatformFiles {
  /** The commit that `revision` was. */
  readonly sha: string;
  readonly stack: Stack;
  readonly versions: Versions;
}

const readFileAt = async (git: Git, directory: string, object: string): Promise<string | undefined> => {
  const outcome = await git.tryRun(['cat-file', 'blob', object], directory);
  return outcome.code === 0 ? outcome.stdout : undefined;
};

const invalid = (diagnostics: readonly Diagnostic[], text: string): StepFailure => {
  const first = diagnostics[0];
  const where = first === undefined ? '' : `${first.file}:${first.line}:${first.column}: ${first.message}`;
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more above)` : '';
  return new StepFailure(`${where}${more}`, {
    code: 'PLATFORM_FILE_INVALID',
    hint: 'tekton-dag stack validate FILE shows all problems',
    exitCode: EXIT.invalidInput,
    cause: renderDiagnostics(diagnostics, text),
  });
};

/** Problems of a file are in the failure's `cause`, rendered for people. */
export const readPlatformFiles = async (options: PlatformFilesOptions): Promise<PlatformFiles> => {
  const { git, url, revision, directory } = options;
  const repository = withoutCredentials(url);
  const sha = await resolveRevision(git, { url, repository, revision });
  await fetchCommit(git, { url, repository, sha, directory });
  const stackFile = posix.normalize(options.stackFile);
  const stackText = await readFileAt(git, directory, `${sha}:${stackFile}`);
  if (stackText === undefined) {
    throw new StepFailure(`${repository} at ${sha} has no file ${stackFile}`, {
      code: 'STACK_FILE_MISSING',
      hint: 'check params stack-file and git-revision',
      exitCode: EXIT.invalidInput,
    });
  }
  const stack = parseStack(stackText, stackFile);
  if (!stack.ok) throw invalid(stack.error, stackText);
  const versionsFile = posix.normalize(options.versionsFile);
  // A platform repository without the file has released nothing yet.
  const versionsText = (await readFileAt(git, directory, `${sha}:${versionsFile}`)) ?? 'apps: {}\n';
  const versions = parseVersions(versionsText, versionsFile);
  if (!versions.ok) throw invalid(versions.error, versionsText);
  return { sha, stack: stack.value, versions: versions.value };
};
