/** The tests' own Postgres leaves nothing behind, however the tests end. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findPostgres } from '../src/testing/index.ts';

describe.skipIf(findPostgres() === undefined)('startPostgres', () => {
  it('ends with a process that is killed, and removes its directory', async () => {
    const program = fileURLToPath(new URL('postgres-process.ts', import.meta.url));
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const directory = String(line);
    expect(existsSync(directory)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => existsSync(directory), { timeout: 30_000 }).toBe(false);
  });
});
