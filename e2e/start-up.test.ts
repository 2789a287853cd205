/** `tekton-dag local up` where it cannot start: what it says, how it exits, and that nothing is left. */

import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cliCommand, runCli, type CliResult } from './demo/run-cli.ts';
import { findLeftProcesses } from './rig/find-left-processes.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tekton-dag-start-'));
});
afterAll(async () => {
  expect(await findLeftProcesses(root)).toEqual([]);
  await rm(root, { recursive: true, force: true });
});

function localUp(...args: readonly string[]): Promise<CliResult> {
  return runCli(cliCommand(resolve(import.meta.dirname, '..')), ['local', 'up', ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: root },
    signal: AbortSignal.timeout(240_000),
  });
}

describe('a local cluster that cannot start', () => {
  it.each(['--port', '--registry-port'])('names the port when the one of %s is taken', async (flag) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = String(typeof address === 'object' ? address?.port : 0);
    const { exitCode, stdout, stderr } = await localUp('--state-dir', join(root, `s${port}`), flag, port);
    server.close();
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(new RegExp(`Port ${port} for the .* is taken`));
    expect(await findLeftProcesses(root)).toEqual([]);
  });

  it('names the state directory when it cannot be made', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    const { exitCode, stderr } = await localUp('--state-dir', join(file, 'state'));
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`the state directory ${join(file, 'state')} cannot be made: ENOTDIR`);
  });

  it('names the state directory when it cannot be written', async () => {
    // Nobody can write there, not even root.
    const { exitCode, stderr } = await localUp('--state-dir', '/proc/self');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/\/proc\/(self|\d+)/);
    expect(await readdir(root)).not.toContain('.local');
  });
});
