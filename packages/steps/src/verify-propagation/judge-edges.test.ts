import { describe, expect, it } from 'vitest';
import type { Hop } from '../traffic/evidence.ts';
import { judgeApps } from './judge-apps.ts';
import { guiltyEdges, judgeEdges, type EdgeInput } from './judge-edges.ts';

const hop = (service: string, caller: string | null, more: Partial<Hop> = {}): Hop => ({
  namespace: 'n',
  service,
  caller,
  session: 's',
  header: true,
  baggage: true,
  backend: `${service}-baseline`,
  pod: 'p',
  status: 200,
  timeUnixMs: 0,
  ...more,
});
const edges = [
  { caller: 'a', callee: 'b' },
  { caller: 'b', callee: 'c' },
];
const judge = (input: Partial<EdgeInput>) =>
  judgeEdges({
    session: 's',
    headerName: 'x-dev-session',
    baggageKey: 'dev-session',
    entries: ['a'],
    edges,
    evidence: { hops: [], untagged: [] },
    untaggedRequests: new Map(),
    ...input,
  });
const hops = (...list: Hop[]): Partial<EdgeInput> => ({ evidence: { hops: list, untagged: [] } });

describe('judgeEdges', () => {
  it('passes edges whose callee got the session from the caller', () =>
    expect(judge(hops(hop('a', null), hop('b', 'a', { baggage: false }), hop('c', 'b')))).toMatchObject([
      { verdict: 'passed', detail: 'session came with x-dev-session' },
      { verdict: 'passed', detail: 'session came with x-dev-session and baggage dev-session' },
    ]));

  it('blames only the first edge that dropped the session', () => {
    const verdicts = judge(hops(hop('a', null)));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['failed', 'failed']);
    expect(guiltyEdges(verdicts)).toMatchObject([{ caller: 'a', callee: 'b' }]);
  });

  it('tells a request without session from no request', () => {
    const { session: _, header: __, baggage: ___, ...untagged } = hop('c', 'b');
    const passed = [hop('a', null), hop('b', 'a')];
    const [, lost] = judge({ evidence: { hops: passed, untagged: [untagged] } });
    expect(lost?.detail).toContain('c got the request without the session');
    const [, silent] = judge({ evidence: { hops: passed, untagged: [] } });
    expect(silent?.detail).toContain('c saw no request of this trace from b: did it call at all?');
    const [, perhaps] = judge({
      evidence: { hops: passed, untagged: [] },
      untaggedRequests: new Map([['c', 1]]),
    });
    expect(perhaps?.detail).toContain(
      'but 1 request(s) of no session: perhaps b called without x-dev-session',
    );
  });

  it('says when another session arrived', () => {
    const [, other] = judge(hops(hop('a', null), hop('b', 'a'), hop('c', 'b', { session: 'pr-4' })));
    expect(other).toMatchObject({ verdict: 'failed', detail: 'c got the request with session pr-4' });
  });

  it('counts hops that do not name their caller once each', () => {
    const diamond = [
      { caller: 'a', callee: 'b' },
      { caller: 'a', callee: 'c' },
      { caller: 'b', callee: 'd' },
      { caller: 'c', callee: 'd' },
    ];
    const one = hops(hop('a', null), hop('b', 'a'), hop('c', 'a'), hop('d', null));
    expect(judge({ ...one, edges: diamond }).map(({ verdict }) => verdict)).toEqual([
      'passed',
      'passed',
      'passed',
      'failed',
    ]);
    const two = hops(hop('a', null), hop('b', 'a'), hop('c', 'a'), hop('d', null), hop('d', 'b'));
    expect(judge({ ...two, edges: diamond }).every(({ verdict }) => verdict === 'passed')).toBe(true);
  });
});

describe('judgeApps', () => {
  const verdictOf = (...list: Hop[]) => judgeApps(['c'], { session: 's', hops: list })[0];
  it("passes when the pull request's pod answered", () =>
    expect(verdictOf(hop('c', 'b', { backend: 'c-s' }))).toMatchObject({ verdict: 'passed', pod: 'p' }));
  it('fails when the baseline answered', () =>
    expect(verdictOf(hop('c', 'b'))).toMatchObject({
      verdict: 'failed',
      detail: expect.stringContaining('c-baseline'),
    }));
  it('fails when nothing arrived or it answered with an error', () => {
    expect(verdictOf()).toMatchObject({ verdict: 'failed' });
    expect(verdictOf(hop('c', 'b', { backend: 'c-s', status: 502, pod: null }))).toMatchObject({
      verdict: 'failed',
    });
  });
  it('ignores other sessions', () =>
    expect(verdictOf(hop('c', 'b', { session: 'x', backend: 'c-s' }))).toMatchObject({ verdict: 'failed' }));
});
