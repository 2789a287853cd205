/** GitHub deliveries: GitHub's own example payloads with the fields that matter changed, and their signature. */

import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

export interface PullRequestFields {
  readonly action?: string;
  readonly number?: number;
  /** `owner/name` of the base repository. */
  readonly repository?: string;
  /** `owner/name` of the head repository, or null when it was deleted; absent: the base repository. */
  readonly headRepository?: string | null;
  readonly headSha?: string;
  readonly headRef?: string;
  readonly baseRef?: string;
  readonly title?: string;
  /** The description. */
  readonly body?: string;
  readonly author?: string;
  /** Default `User`. */
  readonly authorType?: 'User' | 'Bot';
  /** What `edited` tells of the state before. */
  readonly changes?: object;
  readonly draft?: boolean;
  readonly merged?: boolean;
  readonly mergeSha?: string | null;
  /** RFC 3339. */
  readonly updatedAt?: string;
}

export interface SignedDelivery {
  readonly id: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const DEFAULTS = {
  action: 'opened',
  number: 7,
  repository: 'acme/demo-api',
  headSha: 'a'.repeat(40),
  headRef: 'change',
  baseRef: 'main',
  title: 'Change something',
  body: '',
  author: 'octocat',
  authorType: 'User',
  draft: false,
  merged: false,
  mergeSha: null,
  updatedAt: '2026-01-02T03:04:05Z',
};

/** The example of the action (of `opened` where there is none), with `fields` put in. */
export function pullRequestPayload(fields: PullRequestFields = {}): object {
  const chosen = { ...DEFAULTS, ...fields };
  const { action, number, title, draft, merged } = chosen;
  const { repository, pull_request: pullRequest, ...rest } = exampleOf(action);
  const headRepository = fields.headRepository === undefined ? chosen.repository : fields.headRepository;
  const repo = headRepository === null ? null : { ...repository, ...nameRepository(headRepository) };
  return {
    ...rest,
    action,
    number,
    ...(fields.changes === undefined ? {} : { changes: fields.changes }),
    repository: { ...repository, ...nameRepository(chosen.repository) },
    pull_request: {
      ...pullRequest,
      number,
      title,
      body: chosen.body,
      draft,
      merged,
      merge_commit_sha: chosen.mergeSha,
      updated_at: chosen.updatedAt,
      user: { ...pullRequest.user, login: chosen.author, type: chosen.authorType },
      head: { ...pullRequest.head, ref: chosen.headRef, sha: chosen.headSha, repo },
      base: { ...pullRequest.base, ref: chosen.baseRef },
    },
  };
}

/** The request that GitHub would send. A payload that is text or bytes is sent as it is. */
export function signDelivery(
  payload: object | string | Uint8Array,
  options: { readonly secret: string; readonly event?: string; readonly id?: string },
): SignedDelivery {
  const id = options.id ?? randomUUID();
  const body =
    payload instanceof Uint8Array
      ? Buffer.from(payload)
      : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const signature = createHmac('sha256', options.secret).update(body).digest('hex');
  return {
    id,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-delivery': id,
      'x-github-event': options.event ?? 'pull_request',
      'x-hub-signature-256': `sha256=${signature}`,
    },
  };
}

const require = createRequire(import.meta.url);

function exampleOf(action: string): ExamplePayload {
  const all: readonly ExampleGroup[] = require('@octokit/webhooks-examples');
  const found = all.find(({ name }) => name === 'pull_request')?.examples ?? [];
  const example = found.find((each) => each.action === action) ?? found[0];
  if (example === undefined) throw new Error('there is no example of a pull_request event');
  return example;
}

interface ExampleGroup {
  readonly name: string;
  readonly examples: readonly ExamplePayload[];
}

interface ExamplePayload {
  readonly action: string;
  readonly repository: object;
  readonly pull_request: { readonly user: object; readonly head: object; readonly base: object };
}

function nameRepository(fullName: string): object {
  const [owner = '', name = ''] = fullName.split('/');
  return { name, full_name: fullName, html_url: `https://github.com/${fullName}`, owner: { login: owner } };
}
