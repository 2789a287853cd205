/** Which builder an app's Dockerfile asks for, read at the pinned commit. */
import { posix } from 'node:path';
import type { App, ImageBuilder } from '@tekton-dag/model';
import type { Git } from '../git/git.ts';
import { readDockerfile } from '../image/read-dockerfile.ts';

export interface ChooseBuilderOptions {
  /** Repository that has the trees of the commit; git gets the one file by itself. */
  readonly directory: string;
  readonly sha: string;
}

/** `append` unless the Dockerfile needs buildah; one that is missing or wrong is for the build to report. */
export const chooseBuilder = async (
  git: Git,
  { contextDir, dockerfile }: Pick<App, 'contextDir' | 'dockerfile'>,
  { directory, sha }: ChooseBuilderOptions,
): Promise<ImageBuilder> => {
  const path = posix.normalize(posix.join(contextDir, dockerfile));
  const object = await git.tryRun(['rev-parse', '--verify', '--quiet', `${sha}:${path}`], directory);
  if (object.code !== 0) return 'append';
  const read = readDockerfile(await git.run(['cat-file', 'blob', object.stdout.trim()], directory));
  if (read.ok) return 'append';
  return read.error.every(({ reason }) => reason === 'needs-buildah') ? 'buildah' : 'append';
};
