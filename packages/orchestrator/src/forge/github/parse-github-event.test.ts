import { anything, assert, constantFrom, property, uint8Array } from 'fast-check';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { commentPayload, mergeGroupPayload, pullRequestPayload } from '../../testing/index.ts';
import { parseGiteaEvent } from '../gitea/parse-gitea-event.ts';
import { parseGitHubEvent } from './parse-github-event.ts';

const bytes = (payload: unknown): Uint8Array => Buffer.from(JSON.stringify(payload) ?? '');

describe('parseGitHubEvent', () => {
  it('reads a pull request', () => {
    const payload = pullRequestPayload({
      action: 'synchronize',
      number: 42,
      repository: 'acme/demo-api',
      author: 'ada',
    });
    expect(parseGitHubEvent('pull_request', bytes(payload))).toEqual({
      ok: true,
      value: {
        kind: 'updated',
        action: 'synchronize',
        change: {
          host: 'github.com',
          repository: 'acme/demo-api',
          pullRequest: 42,
          headSha: 'a'.repeat(40),
          baseRef: 'main',
          author: 'ada',
          title: 'Change something',
          draft: false,
          dependsOn: [],
          fromFork: false,
          updatedAtMs: Date.parse('2026-01-02T03:04:05Z'),
        },
        byBot: false,
      },
    });
  });

  it('tells a merge, with the commit it became, from a closing', () => {
    const merged = { action: 'closed', merged: true, mergeSha: 'c'.repeat(40) };
    expect(parseGitHubEvent('pull_request', bytes(pullRequestPayload(merged)))).toMatchObject({
      value: { kind: 'merged', mergeSha: 'c'.repeat(40) },
    });
    expect(parseGitHubEvent('pull_request', bytes(pullRequestPayload({ action: 'closed' })))).toMatchObject({
      value: { kind: 'closed' },
    });
  });

  it('tells a fork by the repository, not by its name in other letters', () => {
    const same = pullRequestPayload({ repository: 'acme/demo-api', headRepository: 'ACME/demo-api' });
    const fork = pullRequestPayload({ repository: 'acme/demo-api', headRepository: 'mallory/demo-api' });
    const gone = pullRequestPayload({ headRepository: null });
    const fromFork = [same, fork, gone].map((payload) => parseGitHubEvent('pull_request', bytes(payload)));
    expect(fromFork).toMatchObject([
      { value: { change: { fromFork: false } } },
      { value: { change: { fromFork: true } } },
      { value: { change: { fromFork: true } } },
    ]);
  });

  it.each(['reopened', 'ready_for_review'])('takes %s for something to test', (action) => {
    const payload = pullRequestPayload({ action });
    expect(parseGitHubEvent('pull_request', bytes(payload))).toMatchObject({
      value: { kind: 'updated', action },
    });
  });

  it.each([
    ['another base branch', { base: { ref: { from: 'main' }, sha: { from: 'x' } } }, 'updated'],
    ['other pull requests that are needed', { body: { from: 'Depends-On: acme/demo-fe#2' } }, 'updated'],
    ['the same ones in other words', { body: { from: 'Hello\nDepends-On: acme/demo-fe#3' } }, 'ignored'],
    ['the title', { title: { from: 'Something else' } }, 'ignored'],
  ])('tells of an edit what matters: %s', (_name, changes, kind) => {
    const payload = pullRequestPayload({ action: 'edited', changes, body: 'Depends-On: acme/demo-fe#3' });
    expect(parseGitHubEvent('pull_request', bytes(payload))).toMatchObject({ value: { kind } });
  });

  it('reads drafts, bots and what a pull request depends on', () => {
    const payload = pullRequestPayload({
      draft: true,
      author: 'renovate[bot]',
      authorType: 'Bot',
      body: 'Depends-On: acme/demo-fe#3',
    });
    expect(parseGitHubEvent('pull_request', bytes(payload))).toMatchObject({
      value: {
        byBot: true,
        change: {
          draft: true,
          dependsOn: [{ host: 'github.com', repository: 'acme/demo-fe', pullRequest: 3 }],
        },
      },
    });
  });

  it('reads a comment on a pull request', () => {
    const payload = commentPayload({ number: 42, id: 9, author: 'ada', body: '/test' });
    expect(parseGitHubEvent('issue_comment', bytes(payload))).toEqual({
      ok: true,
      value: {
        kind: 'command',
        action: 'created',
        command: {
          host: 'github.com',
          repository: 'acme/demo-api',
          pullRequest: 42,
          commentId: '9',
          author: 'ada',
          body: '/test',
          updatedAtMs: Date.parse('2026-01-02T04:00:00Z'),
        },
      },
    });
  });

  it('reads what a merge queue made: the pull request, its commit and the base', () => {
    const payload = mergeGroupPayload({ number: 42, baseRef: 'release/1.x' });
    expect(parseGitHubEvent('merge_group', bytes(payload))).toMatchObject({
      value: {
        action: 'checks_requested',
        change: { pullRequest: 42, headSha: 'd'.repeat(40), baseRef: 'release/1.x', fromFork: false },
      },
    });
  });

  it('knows every example of GitHub: none is refused', () => {
    const require = createRequire(import.meta.url);
    const groups: readonly {
      readonly name: string;
      readonly examples: readonly object[];
    }[] = require('@octokit/webhooks-examples');
    const refused = groups.flatMap(({ name, examples }) =>
      examples.filter((example) => !parseGitHubEvent(name, bytes(example)).ok).map(() => name),
    );
    expect(groups.length).toBeGreaterThan(40);
    expect(refused).toEqual([]);
  });

  it.each(['../..', 'acme/..', './api', 'acme/demo/api', 'acme', ''])(
    'refuses the repository %j',
    (repository) => {
      const payload = pullRequestPayload({ repository });
      expect(parseGitHubEvent('pull_request', bytes(payload)).ok).toBe(false);
    },
  );

  it('never throws, whatever it is given, nor does Gitea', () => {
    const events = constantFrom('pull_request', 'issue_comment', 'merge_group', 'push', 'other');
    assert(
      property(events, anything(), uint8Array(), (event, payload, body) => {
        for (const parse of [parseGitHubEvent, parseGiteaEvent]) {
          expect(parse(event, bytes(payload))).toHaveProperty('ok');
          expect(parse(event, body)).toHaveProperty('ok');
        }
      }),
    );
  });
});
