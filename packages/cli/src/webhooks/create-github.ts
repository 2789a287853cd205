/** createGitHub: a client of GitHub's REST API that reads every page of a list. */

import { Octokit } from '@octokit/core';
import { paginateRest, type PaginateInterface } from '@octokit/plugin-paginate-rest';

export type GitHub = Octokit & { readonly paginate: PaginateInterface };

export interface GitHubAccess {
  /** Base URL of the API, e.g. `https://api.github.com` or `https://github.example/api/v3`. */
  readonly apiUrl: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 30_000;

/** Nothing is sent before the first request; each gives up after 30 seconds. */
export function createGitHub({ apiUrl, token, signal }: GitHubAccess): GitHub {
  const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const octokit = new (Octokit.plugin(paginateRest))({
    auth: token,
    baseUrl: apiUrl,
    userAgent: 'tekton-dag',
    log: silent,
  });
  octokit.hook.before('request', (options) => {
    options.request.signal = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  });
  return octokit;
}

function ignore(): void {
  // What goes wrong is thrown; the client's own log would write to the console.
}
