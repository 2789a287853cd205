/** GitRequest: what a reference asks the git resolver for, judged as Tekton's own resolver judges it. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { DefinitionRef } from '../specs/pipeline-spec.ts';

export interface GitRequest {
  readonly url: string;
  /** Commit, branch or tag. */
  readonly revision: string;
  /** Of the file, without a slash before it. */
  readonly path: string;
  /** Secret in the namespace of the run, and its key; absent where everybody may read. */
  readonly token?: { readonly secret: string; readonly key: string };
}

const DEFAULT_REVISION = 'main';
const DEFAULT_TOKEN_KEY = 'token';
/** Tekton's (pkg/resolution/resolver/git, defaultValidateRepoURL), and files of this machine beside it. */
const REPOSITORY_URL = /^([^@]+@[^:]+|(git|ssh|ftps?|https?|file):\/\/)/;

/** The error is in Tekton's words. */
export function parseGitRequest({ params = [] }: DefinitionRef): Result<GitRequest, string> {
  const given = new Map(
    params.flatMap(({ name, value }) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  const fault = findFault(given);
  if (fault !== undefined) return err(fault);
  const secret = given.get('gitToken') ?? '';
  return ok({
    url: given.get('url') ?? '',
    revision: given.get('revision') ?? DEFAULT_REVISION,
    path: pathOf(given),
    ...(secret === '' ? {} : { token: { secret, key: given.get('gitTokenKey') ?? DEFAULT_TOKEN_KEY } }),
  });
}

const pathOf = (given: ReadonlyMap<string, string>): string =>
  (given.get('pathInRepo') ?? '').replace(/^\/+/, '');

function findFault(given: ReadonlyMap<string, string>): string | undefined {
  const { url = '', repo = '', revision = DEFAULT_REVISION } = Object.fromEntries(given);
  if (repo !== '') return 'a local cluster asks no API of a forge: give url in place of repo';
  if (url === '') return "must specify one of 'url' or 'repo'";
  if (!given.has('pathInRepo')) return 'missing required git resolver params: pathInRepo';
  if (revision.startsWith('-')) return `invalid revision "${revision}": must not begin with '-'`;
  if (!REPOSITORY_URL.test(url)) return `invalid git repository url: ${url}`;
  if (pathOf(given).split('/').includes('..')) {
    return `invalid path "${pathOf(given)}": must not contain '..' components`;
  }
  return undefined;
}
