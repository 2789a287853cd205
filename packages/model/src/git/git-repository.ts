/** GitRepository: names of repositories and the URLs they are fetched from. */

import { err, ok, type Result } from '../result.ts';

export interface GitRepository {
  /** Absent when the text names no host; the forge's host then counts. */
  readonly host?: string;
  readonly owner: string;
  readonly name: string;
  /** `owner/name`. */
  readonly fullName: string;
}

export interface GitRepositoryFailure {
  readonly reason: 'invalid-repository';
  readonly message: string;
}

const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/i;
const PART = /^(?!\.{1,2}$)[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}$/;

/** Reads `owner/name` or `host/owner/name`. */
export function parseGitRepository(text: string): Result<GitRepository, GitRepositoryFailure> {
  const parts = text.split('/');
  const host = parts.length === 3 ? parts.shift() : undefined;
  const [owner = '', name = ''] = parts;
  const valid = parts.length === 2 && PART.test(owner) && PART.test(name);
  if (!valid || (host !== undefined && !HOST.test(host))) return err(refusal(text));
  return ok({ ...(host === undefined ? {} : { host }), owner, name, fullName: `${owner}/${name}` });
}

function refusal(text: string): GitRepositoryFailure {
  const message = `${JSON.stringify(text)} is not a repository; write owner/name or host/owner/name`;
  return { reason: 'invalid-repository', message };
}

/**
 * The URL to fetch a repository from. `baseUrl` is a URL such as `https://github.com` or `file:///srv/git`, or an
 * SSH address such as `git@github.com`. A repository that names another host than the base is fetched from there.
 */
export function gitUrlOf(baseUrl: string, repository: GitRepository): string {
  const base = baseUrl.replace(/[/:]+$/, '');
  const path = `${repository.fullName}.git`;
  const url = /^([a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?)([^/]*)/i.exec(base);
  const ssh = /^([^/@]+@)([^/:]+)/.exec(base);
  if (url === null && ssh !== null) return `${ssh[1]}${repository.host ?? ssh[2]}:${path}`;
  const otherHost = repository.host !== undefined && repository.host !== url?.[2];
  return otherHost && !base.startsWith('file:') ? `${url?.[1]}${repository.host}/${path}` : `${base}/${path}`;
}
