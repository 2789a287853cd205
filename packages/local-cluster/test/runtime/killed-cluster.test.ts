/** A cluster that is killed leaves no process behind for long, and its successor ends nobody else's. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProcessRecords } from '../../src/runtime/process-records.ts';
import { createRuntimeRig, statePaths } from './runtime-rig.ts';

const RIG = new URL('runtime-rig.ts', import.meta.url).href;

/** Starts a runtime in a process of its own, has it run `script` and kills it. */
async function runAndKill(state: string, script: string, until: () => boolean): Promise<void> {
  const code = `
    import { createRuntimeRig, statePaths } from ${JSON.stringify(RIG)};
    const rig = createRuntimeRig({ paths: statePaths(${JSON.stringify(state)}) });
    await rig.runtime.start(rig.spec({ image: 'busybox:1', command: ['sh', '-c', ${JSON.stringify(script)}] }));
    setInterval(() => {}, 1000);
  `;
  const file = join(state, 'cluster.ts');
  writeFileSync(file, code);
  const cluster = spawn(process.execPath, [file], { stdio: 'ignore' });
  onTestFinished(() => void cluster.kill('SIGKILL'));
  await expect.poll(until, { timeout: 50_000 }).toBe(true);
  cluster.kill('SIGKILL');
  await once(cluster, 'exit');
}

describe('a killed cluster', () => {
  it('has every leftover ended by its successor, children and all', async () => {
    const state = mkdtempSync(join(tmpdir(), 'killed-'));
    const pidFile = join(state, 'pids');
    const script = `sh -c 'echo $$ >> ${pidFile}; while :; do sleep 0.05; done' & echo $$ >> ${pidFile}; wait`;
    await runAndKill(
      state,
      script,
      // The program may be quicker than the note that the runtime makes of it.
      () =>
        existsSync(pidFile) &&
        readFileSync(pidFile, 'utf8').trim().split('\n').length === 2 &&
        readdirSync(join(state, 'processes')).length === 1,
    );
    const marker = readdirSync(join(state, 'processes'));
    expect(marker).toHaveLength(1);
    await using rig = createRuntimeRig({ paths: statePaths(state) });
    await rig.runtime.recover();
    expect(membersOf(Number(marker[0]))).toEqual([]);
    expect(readdirSync(join(state, 'processes'))).toEqual([]);
  });

  it('does not make its successor end a process that only has the same number', async () => {
    const state = mkdtempSync(join(tmpdir(), 'foreign-'));
    const foreign = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    onTestFinished(() => void foreign.kill('SIGKILL'));
    writeFileSync(join(state, String(foreign.pid)), '12345 00000000-0000-0000-0000-000000000000\n');
    const records = createProcessRecords(state);
    expect(await records.endLeftovers()).toEqual([]);
    expect(foreign.exitCode).toBeNull();
    expect(foreign.signalCode).toBeNull();
    rmSync(state, { recursive: true, force: true });
  });
});

/** Live processes of a group. */
function membersOf(group: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const fields = readStat(pid).split(') ')[1]?.split(' ') ?? [];
      return fields[2] === String(group) && fields[0] !== 'Z';
    });
}

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
