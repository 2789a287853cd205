import { describe, expect, it } from 'vitest';
import { commentPayload } from '../../testing/index.ts';
import { parseGiteaEvent } from './parse-gitea-event.ts';

const bytes = (payload: object): Uint8Array => Buffer.from(JSON.stringify(payload));

/** As Gitea 1.21 and later send it: times with an offset, no `draft`, users without a type. */
const repository = { id: 6, full_name: 'acme/service', html_url: 'http://127.0.0.1:3000/acme/service' };
const payload = (action: string, fields: object = {}): object => ({
  action,
  number: 2,
  pull_request: {
    id: 20,
    number: 2,
    user: { id: 1, login: 'ada', username: 'ada', email: 'ada@noreply.localhost' },
    title: 'New pull',
    body: 'Depends-On: acme/library#3',
    labels: [{ id: 8, name: 'Kind/Bug' }],
    state: 'open',
    merged: false,
    merged_at: null,
    merge_commit_sha: null,
    base: { label: 'main', ref: 'main', sha: '2'.repeat(40), repo_id: 6, repo: repository },
    head: { label: 'topic', ref: 'topic', sha: '7'.repeat(40), repo_id: 6, repo: repository },
    created_at: '2024-02-22T01:38:39+01:00',
    updated_at: '2024-02-22T01:42:03+01:00',
    closed_at: null,
  },
  repository,
  commit_id: '',
  review: null,
  ...fields,
});

describe('parseGiteaEvent', () => {
  it('reads a pull request that was pushed to', () => {
    expect(parseGiteaEvent('pull_request', bytes(payload('synchronized')))).toEqual({
      ok: true,
      value: {
        kind: 'updated',
        action: 'synchronize',
        byBot: false,
        change: {
          host: '127.0.0.1:3000',
          repository: 'acme/service',
          pullRequest: 2,
          headSha: '7'.repeat(40),
          baseRef: 'main',
          author: 'ada',
          title: 'New pull',
          draft: false,
          fromFork: false,
          dependsOn: [{ host: '127.0.0.1:3000', repository: 'acme/library', pullRequest: 3 }],
          updatedAtMs: Date.parse('2024-02-22T00:42:03Z'),
        },
      },
    });
  });

  it.each([
    ['another base branch', { ref: { from: 'next' } }, 'updated'],
    ['another text that needs the same', { body: { from: 'Depends-On: acme/library#3\n' } }, 'ignored'],
    ['another title', { title: { from: 'Old' } }, 'ignored'],
  ])('tells of an edit what matters: %s', (_name, changes, kind) => {
    expect(parseGiteaEvent('pull_request', bytes(payload('edited', { changes })))).toMatchObject({
      value: { kind },
    });
  });

  it.each(['label_updated', 'assigned', 'milestoned', 'review_requested'])('leaves %s alone', (action) => {
    expect(parseGiteaEvent('pull_request', bytes(payload(action)))).toMatchObject({
      value: { kind: 'ignored', reason: 'action' },
    });
  });

  it.each(['issue_comment', 'pull_request_comment'])('reads a comment by the name %s', (event) => {
    const comment = { ...commentPayload({ body: '/test' }), is_pull: true };
    expect(parseGiteaEvent(event, bytes(comment))).toMatchObject({
      value: { kind: 'command', command: { body: '/test', pullRequest: 7 } },
    });
  });
});
