/** Payloads of the other events, in the form of GitHub's own examples; only what somebody could read. */

export interface CommentFields {
  readonly action?: string;
  readonly repository?: string;
  readonly number?: number;
  readonly id?: number;
  readonly author?: string;
  readonly authorType?: 'User' | 'Bot';
  readonly body?: string;
  /** False: the comment is on an issue that is no pull request. */
  readonly onPullRequest?: boolean;
  /** RFC 3339. */
  readonly updatedAt?: string;
}

const COMMENT = {
  action: 'created',
  repository: 'acme/demo-api',
  number: 7,
  id: 9_001,
  author: 'octocat',
  authorType: 'User',
  body: '/test',
  onPullRequest: true,
  updatedAt: '2026-01-02T04:00:00Z',
} as const;

/** Event `issue_comment`. */
export function commentPayload(fields: CommentFields = {}): object {
  const { action, repository, number, ...rest } = { ...COMMENT, ...fields };
  const user = { login: rest.author, type: rest.authorType };
  const links = { url: `https://api.github.com/repos/${repository}/pulls/${number}` };
  return {
    action,
    issue: { number, title: 'Change something', ...(rest.onPullRequest ? { pull_request: links } : {}) },
    comment: {
      id: rest.id,
      body: rest.body,
      user,
      created_at: rest.updatedAt,
      updated_at: rest.updatedAt,
      author_association: 'OWNER',
    },
    repository: repositoryFields(repository),
    sender: user,
  };
}

export interface PushFields {
  readonly repository?: string;
  readonly ref?: string;
  readonly after?: string;
  readonly deleted?: boolean;
  readonly message?: string;
}

/** Event `push`. */
export function pushPayload(fields: PushFields = {}): object {
  const { repository = 'acme/demo-api', ref = 'refs/heads/main', after = 'b'.repeat(40) } = fields;
  const { deleted = false, message = 'Change something' } = fields;
  return {
    ref,
    before: 'a'.repeat(40),
    after,
    created: false,
    deleted,
    forced: false,
    head_commit: deleted ? null : { id: after, message, timestamp: '2026-01-02T03:04:05Z' },
    repository: repositoryFields(repository),
  };
}

export interface MergeGroupFields {
  readonly action?: string;
  readonly repository?: string;
  readonly number?: number;
  readonly headSha?: string;
  readonly baseRef?: string;
}

/** Event `merge_group`. */
export function mergeGroupPayload(fields: MergeGroupFields = {}): object {
  const { repository = 'acme/demo-api', number = 7, headSha = 'd'.repeat(40), baseRef = 'main' } = fields;
  return {
    action: fields.action ?? 'checks_requested',
    merge_group: {
      head_sha: headSha,
      head_ref: `refs/heads/gh-readonly-queue/${baseRef}/pr-${number}-${'e'.repeat(40)}`,
      base_ref: `refs/heads/${baseRef}`,
      head_commit: { id: headSha, message: 'Merge', timestamp: '2026-01-02T03:04:05Z' },
    },
    repository: repositoryFields(repository),
  };
}

function repositoryFields(fullName: string): object {
  const [owner = '', name = ''] = fullName.split('/');
  return { name, full_name: fullName, html_url: `https://github.com/${fullName}`, owner: { login: owner } };
}
