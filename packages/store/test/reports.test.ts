/** The outbox of reports of a store. */

import { expect, it } from 'vitest';
import type { ReportKey, ReportRow } from '../src/index.ts';
import { describeDatabases } from './describe-databases.ts';

const key: ReportKey = { host: 'github.com', repository: 'acme/demo-api', pullRequest: 7 };
const claimAll = { owner: 'one', nowMs: 10_000, leaseMs: 1_000, limit: 10 };
const request = { headSha: 'head', nowMs: 1_000 };

const showing = (row: ReportRow, nowMs = 2_000) => ({
  version: row.wantedVersion,
  headSha: row.headSha,
  checkId: 'check',
  commentId: 'comment',
  hash: 'hash',
  nowMs,
});

describeDatabases('reports', (current) => {
  it('claims what was requested once, and not again when it is shown', async () => {
    const { reports } = current().store;
    await reports.request(key, request);
    await reports.request({ ...key, repository: 'Acme/Demo-API' }, { headSha: 'next', nowMs: 1_500 });
    expect(await reports.depth()).toEqual({ depth: 1, oldestRequestedAtMs: 1_500 });
    const [row] = await reports.claim(claimAll);
    expect(row).toMatchObject({ ...key, wantedVersion: 2, shownVersion: 0, headSha: 'next', attempts: 1 });
    expect(await reports.claim(claimAll)).toEqual([]);
    if (row === undefined) throw new Error('it was claimed');
    await reports.shown(row, showing(row));
    expect(await reports.claim({ ...claimAll, nowMs: 99_000 })).toEqual([]);
    expect(await reports.depth()).toEqual({ depth: 0, oldestRequestedAtMs: undefined });
    expect(await reports.get(key)).toMatchObject({
      shownVersion: 2,
      shownHeadSha: 'next',
      checkId: 'check',
      commentId: 'comment',
      shownHash: 'hash',
      owner: undefined,
      attempts: 0,
    });
  });

  it('is due again when something changed while it was being shown', async () => {
    const { reports } = current().store;
    await reports.request(key, request);
    const [row] = await reports.claim(claimAll);
    await reports.request(key, { headSha: 'later', nowMs: 1_600 });
    if (row === undefined) throw new Error('it was claimed');
    await reports.shown(row, showing(row));
    expect(await reports.claim(claimAll)).toMatchObject([{ headSha: 'later', shownHeadSha: 'head' }]);
  });

  it('never gives a report to two owners at once', async () => {
    const { store, openAnother } = current();
    const other = await openAnother();
    const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
    for (const pullRequest of numbers) await store.reports.request({ ...key, pullRequest }, request);
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 === 0 ? store : other).reports.claim({ ...claimAll, owner: `owner-${index}`, limit: 7 }),
      ),
    );
    const last = await store.reports.claim({ ...claimAll, limit: 100 });
    const claimed = [...claims.flat(), ...last].map(({ pullRequest }) => pullRequest);
    expect(claimed.sort((a, b) => a - b)).toEqual(numbers);
  });

  it('gives a lost claim to another when its lease has ended, and leaves that claim alone afterwards', async () => {
    const { reports } = current().store;
    await reports.request(key, request);
    const [lost] = await reports.claim(claimAll);
    const [taken] = await reports.claim({ ...claimAll, owner: 'two', nowMs: 11_000 });
    expect(taken).toMatchObject({ owner: 'two', attempts: 2 });
    if (lost === undefined) throw new Error('it was claimed');
    await reports.retry(lost, { notBeforeMs: 0, error: 'late' });
    expect(await reports.get(key)).toMatchObject({ owner: 'two' });
    expect(await reports.releaseClaims('one')).toBe(0);
    expect(await reports.releaseClaims('two')).toBe(1);
    expect(await reports.claim(claimAll)).toHaveLength(1);
  });

  it('waits after a failure, also when more is requested', async () => {
    const { reports } = current().store;
    await reports.request(key, request);
    const [row] = await reports.claim(claimAll);
    if (row === undefined) throw new Error('it was claimed');
    await reports.retry(row, { notBeforeMs: 20_000, error: 'forge away', checkId: 'made' });
    await reports.request(key, { headSha: 'later', nowMs: 11_000 });
    expect(await reports.claim({ ...claimAll, nowMs: 19_999 })).toEqual([]);
    expect(await reports.claim({ ...claimAll, nowMs: 20_000 })).toMatchObject([
      { lastError: 'forge away', checkId: 'made', headSha: 'later', attempts: 2 },
    ]);
  });

  it('spaces what is not urgent from what was shown last', async () => {
    const { reports } = current().store;
    await reports.request(key, request);
    const [row] = await reports.claim(claimAll);
    if (row === undefined) throw new Error('it was claimed');
    await reports.shown(row, showing(row, 10_000));
    await reports.request(key, { headSha: 'head', nowMs: 11_000, spacingMs: 5_000 });
    expect(await reports.claim({ ...claimAll, nowMs: 14_999 })).toEqual([]);
    await reports.request(key, { headSha: 'head', nowMs: 12_000 });
    await reports.request(key, { headSha: 'head', nowMs: 12_000, spacingMs: 5_000 });
    expect(await reports.claim({ ...claimAll, nowMs: 12_000 })).toHaveLength(1);
  });

  it('is not due any more when it was given up, until it is requested again', async () => {
    const { reports } = current().store;
    await reports.request(key, request);
    const [row] = await reports.claim(claimAll);
    if (row === undefined) throw new Error('it was claimed');
    await reports.giveUp(row, { version: row.wantedVersion, error: 'forbidden' });
    expect(await reports.claim({ ...claimAll, nowMs: 99_000 })).toEqual([]);
    await reports.request(key, { headSha: 'head', nowMs: 99_000 });
    expect(await reports.claim({ ...claimAll, nowMs: 99_000 })).toMatchObject([{ lastError: 'forbidden' }]);
  });

  it('forgets what is shown and was not asked for since', async () => {
    const { reports } = current().store;
    for (const pullRequest of [1, 2, 3]) await reports.request({ ...key, pullRequest }, request);
    const claimed = await reports.claim({ ...claimAll, limit: 2 });
    for (const row of claimed) await reports.shown(row, showing(row));
    expect(await reports.prune({ olderThanMs: 1_000 })).toBe(0);
    expect(await reports.prune({ olderThanMs: 1_001 })).toBe(2);
    expect(await reports.claim(claimAll)).toHaveLength(1);
  });
});
