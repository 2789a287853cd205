/** The git tree id of a directory in a commit: it changes exactly when the content does. */
import { StepFailure } from '../step-failure.ts';
import type { Git } from './git.ts';

/** `contextDir` is relative to the repository; `.` is its root. */
export const treeOf = async (
  git: Git,
  {
    directory,
    repository,
    sha,
    contextDir,
  }: { directory: string; repository: string; sha: string; contextDir: string },
): Promise<string> => {
  const path = contextDir.replaceAll(/^(\.\/)+|\/+$/g, '');
  const object = path === '.' || path === '' ? `${sha}^{tree}` : `${sha}:${path}`;
  const outcome = await git.tryRun(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', object],
    directory,
  );
  // `--end-of-options` is echoed by git versions before 2.41.
  const tree = outcome.stdout.trim().split('\n').at(-1) ?? '';
  const type = outcome.code === 0 ? await git.tryRun(['cat-file', '-t', tree], directory) : undefined;
  if (type?.stdout.trim() === 'tree') return tree;
  throw new StepFailure(`${repository} at ${sha} has no directory ${JSON.stringify(contextDir)}`, {
    code: 'GIT_CONTEXT_DIR_MISSING',
    hint: 'mend context-dir of the app in the stack file',
  });
};
