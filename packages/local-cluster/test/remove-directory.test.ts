/** removeDirectory beside a process that still writes, as one does that is just being ended. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Log } from '../src/contracts/cluster-context.ts';
import { removeDirectory } from '../src/remove-directory.ts';

const WRITER = 'echo begun; while :; do echo >> "$0/$$-$RANDOM$(date +%N)"; done 2>/dev/null';

describe('a directory that is removed', () => {
  it('goes with what a process writes meanwhile, as soon as that has ended', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'removed-'));
    const writer = spawn('sh', ['-c', WRITER, directory], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void writer.kill('SIGKILL'));
    await once(writer.stdout, 'data');
    const told: string[] = [];
    const removing = removeDirectory(directory, logTo(told));
    const ended = once(writer, 'exit');
    writer.kill('SIGKILL');
    await Promise.all([ended, removing]);
    expect(existsSync(directory)).toBe(false);
    expect(told).toEqual([]);
  });

  it('is told to the log, and is no fault, when it cannot be removed', async () => {
    const told: string[] = [];
    await removeDirectory('/proc/self/fdinfo', logTo(told));
    expect(told).toEqual(['files of an object that is gone were left']);
  });
});

function logTo(told: string[]): Log {
  return { info: () => undefined, warn: (_fields, message) => told.push(message), error: () => undefined };
}
