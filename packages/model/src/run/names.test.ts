import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repositoryLabelOf } from '../labels.ts';
import { anyText } from '../testing/index.ts';
import { runNameOf, type RunSubject } from './run-name.ts';
import { sessionOf } from './session.ts';

const CHANGE = {
  host: 'github.com',
  repository: 'acme/demo-api',
  pullRequest: 42,
  team: 'a',
  stack: 'stack-one',
};

const RUN: RunSubject = { mode: 'pr', ...CHANGE, app: 'demo-api', sha: 'a'.repeat(40), attempt: 1 };

describe('sessionOf', { timeout: 30_000 }, () => {
  it('is stable and a DNS label', () => {
    expect(sessionOf(CHANGE)).toMatch(/^pr-42-[0-9a-hjkmnp-tv-z]{6}$/);
    expect(sessionOf({ ...CHANGE, repository: 'Acme/Demo-API', host: 'GitHub.com' })).toBe(sessionOf(CHANGE));
  });

  it('tells pull requests of other repositories, hosts, teams and stacks apart', () => {
    const others = [
      { ...CHANGE, repository: 'acme/demo-fe' },
      { ...CHANGE, host: 'git.example.com' },
      { ...CHANGE, team: 'b' },
      { ...CHANGE, stack: 'stack-two' },
      { ...CHANGE, pullRequest: 4 },
    ].map(sessionOf);
    expect(new Set([...others, sessionOf(CHANGE)]).size).toBe(6);
  });

  it('leaves room for the longest app name in a Service name', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_147_483_647 }), (pullRequest) => {
        const service = `${'a'.repeat(40)}-${sessionOf({ ...CHANGE, pullRequest })}`;
        expect(service).toMatch(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/);
      }),
    );
  });
});

describe('runNameOf', () => {
  it('names mode and pull request', () => {
    expect(runNameOf(RUN)).toMatch(/^stack-pr-42-[0-9a-z]{8}$/);
    expect(runNameOf({ ...RUN, mode: 'merge' })).toMatch(/^stack-merge-42-[0-9a-z]{8}$/);
    expect(runNameOf({ mode: 'bootstrap', team: 'a', stack: 's', sha: 'b', attempt: 1 })).toMatch(
      /^stack-bootstrap-[0-9a-z]{8}$/,
    );
  });

  it('is the same for the same delivery and another for every other commit, attempt and app', () => {
    const others = [
      { ...RUN, sha: 'b'.repeat(40) },
      { ...RUN, attempt: 2 },
      { ...RUN, app: 'demo-fe' },
      { ...RUN, team: 'b' },
      { ...RUN, stack: 'stack-two' },
      { ...RUN, repository: 'other/demo-api' },
    ].map(runNameOf);
    expect(new Set([...others, runNameOf(RUN)]).size).toBe(7);
    expect(runNameOf({ ...RUN, sha: 'A'.repeat(40) })).toBe(runNameOf(RUN));
  });
});

describe('repositoryLabelOf', { timeout: 30_000 }, () => {
  it('is a label value for any text', () => {
    expect(repositoryLabelOf('acme/demo-api')).toBe('acme.demo-api');
    fc.assert(
      fc.property(anyText(200), (text) => {
        expect(repositoryLabelOf(text)).toMatch(/^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/);
      }),
    );
  });
});
