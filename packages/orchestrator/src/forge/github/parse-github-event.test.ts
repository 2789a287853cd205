import { anything, assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pullRequestPayload } from '../../testing/index.ts';
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

  it('never throws, whatever it is given', () => {
    assert(
      property(anything(), uint8Array(), (payload, body) => {
        expect(parseGitHubEvent('pull_request', bytes(payload))).toHaveProperty('ok');
        expect(parseGitHubEvent('push', body)).toHaveProperty('ok');
      }),
    );
  });
});
