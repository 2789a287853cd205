/** What the tests on a cluster read of its audit log, also when it is rotated meanwhile. */

import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endOfAuditLog, readAuditLog, type AuditPlace } from './cluster/rig/read-audit-log.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'audit-log-'));
  file = join(directory, 'audit.log');
  await writeFile(file, lineOf('mine', '/before'));
});
afterEach(() => rm(directory, { recursive: true }));

const lineOf = (username: string, requestURI: string): string =>
  `${JSON.stringify({ verb: 'get', requestURI, user: { username } })}\n`;

const write = (username: string, requestURI: string): Promise<void> =>
  appendFile(file, lineOf(username, requestURI));

async function rotate(time: string): Promise<void> {
  await rename(file, join(directory, `audit-${time}.log`));
  await writeFile(file, '');
}

const pathsSince = async (from: AuditPlace | undefined): Promise<string[]> =>
  (await readAuditLog(file, { from, texts: ['mine'] })).map(({ requestURI }) => requestURI);

describe('the audit log', () => {
  it('is read from a place on, without what others did and what is half written', async () => {
    const from = await endOfAuditLog(file);
    await write('mine', '/one');
    await write('other', '/two');
    await appendFile(file, '{"verb":"get","user":{"username":"mine"');
    expect(await pathsSince(from)).toEqual(['/one']);
  });

  it('is read over its rotations, in order', async () => {
    await rotate('2026-01-01T00-00-00.000');
    await write('mine', '/also-before');
    const from = await endOfAuditLog(file);
    await write('mine', '/one');
    await rotate('2026-01-01T00-01-00.000');
    await write('mine', '/two');
    await rotate('2026-01-01T00-02-00.000');
    await write('mine', '/three');
    expect(await pathsSince(from)).toEqual(['/one', '/two', '/three']);
    expect(await pathsSince(undefined)).toEqual(['/before', '/also-before', '/one', '/two', '/three']);
  });

  it('is not taken for whole when a part of it was deleted', async () => {
    const from = await endOfAuditLog(file);
    await rotate('2026-01-01T00-00-00.000');
    await rm(join(directory, 'audit-2026-01-01T00-00-00.000.log'));
    await expect(pathsSince(from)).rejects.toThrow('was rotated');
  });
});
