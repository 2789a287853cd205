import { describe, expect, it } from 'vitest';
import type { Counters } from '../traffic/router-admin.ts';
import { judgeTraffic } from './judge-traffic.ts';

const counters = (baseline: number, intercept: number): Counters =>
  new Map([
    [
      'n/api',
      new Map([
        ['api-baseline', { tagged: 0, untagged: baseline }],
        ['api-s', { tagged: 3, untagged: intercept }],
      ]),
    ],
  ]);
const judge = (more: Partial<Parameters<typeof judgeTraffic>[0]> = {}) =>
  judgeTraffic({
    app: 'api',
    service: 'n/api',
    intercepts: ['api-s'],
    answer: { status: 200, servedBy: undefined },
    before: counters(1, 0),
    after: counters(2, 0),
    ...more,
  });

describe('judgeTraffic', () => {
  it('passes when the baseline counted one more', () =>
    expect(judge()).toMatchObject({ verdict: 'passed', backend: 'api-baseline' }));
  it('takes a 404 of the app for an answer', () =>
    expect(judge({ answer: { status: 404, servedBy: undefined } })).toMatchObject({ verdict: 'passed' }));
  it.each([
    ['no answer', { answer: { status: undefined, message: 'refused' } }, 'unreachable: refused'],
    ['an error', { answer: { status: 503, servedBy: undefined } }, 'HTTP 503'],
    [
      'a mark of the router',
      { answer: { status: 200, servedBy: 'api-s/p' } },
      'marked as answered by api-s/p',
    ],
    ["a request on the pull request's pods", { after: counters(2, 1) }, '1 untagged request(s)'],
    ['a request that no router saw', { after: counters(1, 0) }, 'no router counted'],
  ])('fails on %s', (_, more, detail) =>
    expect(judge(more)).toMatchObject({ verdict: 'failed', detail: expect.stringContaining(detail) }),
  );
});
