/** GitHub `pull_request` payloads for the demo: the form of `@octokit/webhooks-examples`, with the fields that matter changed. */

import { createRequire } from 'node:module';

export interface PullRequestChange {
  readonly action: 'opened' | 'synchronize' | 'closed';
  readonly number: number;
  readonly title: string;
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  readonly headSha: string;
  readonly baseSha: string;
  /** Set when the pull request was merged; GitHub then sends `merge_commit_sha`. */
  readonly mergeSha?: string;
}

interface ExampleEvent {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}

const load = createRequire(import.meta.url);

function exampleOf(action: PullRequestChange['action']): Record<string, unknown> {
  const events: readonly ExampleEvent[] = load('@octokit/webhooks-examples');
  const example = events
    .find((event) => event.name === 'pull_request')
    ?.examples.find((candidate) => candidate['action'] === action);
  if (example === undefined) throw new Error(`no pull_request example with action ${action}`);
  return structuredClone(example);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Sets `a.b.c` of a JSON object in place; missing parents are made. */
function setPath(target: Record<string, unknown>, path: string, value: unknown): void {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const child = target[first];
  const next = isObject(child) ? child : {};
  target[first] = next;
  setPath(next, rest.join('.'), value);
}

function repositoryFields(prefix: string, { owner, repository }: PullRequestChange): [string, unknown][] {
  return [
    [`${prefix}.name`, repository],
    [`${prefix}.full_name`, `${owner}/${repository}`],
    [`${prefix}.fork`, false],
    [`${prefix}.owner.login`, owner],
    [`${prefix}.html_url`, `https://github.com/${owner}/${repository}`],
    [`${prefix}.clone_url`, `https://github.com/${owner}/${repository}.git`],
    [`${prefix}.ssh_url`, `git@github.com:${owner}/${repository}.git`],
    [`${prefix}.default_branch`, 'main'],
  ];
}

/** The payload as GitHub would send it, as a JSON text. */
export function renderPullRequestPayload(change: PullRequestChange): string {
  const payload = exampleOf(change.action);
  const merged = change.mergeSha !== undefined;
  const fields: [string, unknown][] = [
    ['number', change.number],
    ['pull_request.number', change.number],
    ['pull_request.title', change.title],
    ['pull_request.draft', false],
    ['pull_request.state', change.action === 'closed' ? 'closed' : 'open'],
    ['pull_request.merged', merged],
    ['pull_request.merge_commit_sha', change.mergeSha ?? null],
    ['pull_request.head.ref', change.branch],
    ['pull_request.head.sha', change.headSha],
    ['pull_request.base.ref', 'main'],
    ['pull_request.base.sha', change.baseSha],
    ...repositoryFields('repository', change),
    ...repositoryFields('pull_request.head.repo', change),
    ...repositoryFields('pull_request.base.repo', change),
  ];
  for (const [path, value] of fields) setPath(payload, path, value);
  return JSON.stringify(payload);
}
