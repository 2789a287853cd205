/** Turns each needed app's branch, tag or commit into a commit that exists, and the tree of what is built. */
import { join } from 'node:path';
import { gitUrlOf, type AppRevision } from '@tekton-dag/model';
import { requireRepository } from '../build-app/build-app-fetch.ts';
import { fetchCommit } from '../git/fetch-commit.ts';
import type { Git } from '../git/git.ts';
import { resolveRevision } from '../git/resolve-revision.ts';
import { treeOf } from '../git/tree-of.ts';
import { mapBounded } from '../map-bounded.ts';
import { field } from '../field.ts';
import { EXIT, StepFailure } from '../step-failure.ts';
import { chooseBuilder } from './choose-builder.ts';
import type { NeededApp } from './needed-apps.ts';

const PARALLEL_FETCHES = 6;

export interface ResolveOptions {
  readonly git: Git;
  readonly gitBaseUrl: string;
  readonly appRevisions: Readonly<Record<string, string>>;
  readonly defaultRevision: string;
  /** Empty directory for the repositories. */
  readonly scratch: string;
}

const revisionOf = (app: string, { appRevisions, defaultRevision }: ResolveOptions): string => {
  const revision = appRevisions[app] ?? defaultRevision;
  const parsed = field.revision.safeParse(revision);
  if (parsed.success) return parsed.data;
  throw new StepFailure(`app-revisions: ${app}: ${JSON.stringify(revision)} is no branch, tag or commit`, {
    code: 'GIT_REVISION_INVALID',
    exitCode: EXIT.invalidInput,
  });
};

const resolveApp = async (
  { app, build }: NeededApp,
  index: number,
  options: ResolveOptions,
): Promise<AppRevision> => {
  const { git, gitBaseUrl, scratch } = options;
  const repository = app.repo;
  const url = gitUrlOf(gitBaseUrl, requireRepository(repository));
  const sha = await resolveRevision(git, { url, repository, revision: revisionOf(app.name, options) });
  const directory = join(scratch, String(index));
  await fetchCommit(git, { url, repository, sha, directory, treesOnly: true });
  if (!build) return { sha, tree: await treeOf(git, { directory, repository, sha, contextDir: '.' }) };
  const tree = await treeOf(git, { directory, repository, sha, contextDir: app.contextDir });
  return { sha, tree, builder: await chooseBuilder(git, app, { directory, sha }) };
};

/** App name to commit and tree. The first app that cannot be resolved ends it, named with repository and commit. */
export const resolveApps = async (
  needed: readonly NeededApp[],
  options: ResolveOptions,
): Promise<Record<string, AppRevision>> => {
  const entries = await mapBounded(needed, PARALLEL_FETCHES, async (item, index) => {
    const entry: [string, AppRevision] = [item.app.name, await resolveApp(item, index, options)];
    return entry;
  });
  return Object.fromEntries(entries);
};
