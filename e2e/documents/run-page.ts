/** runPage: the blocks of a page, in order, in one shell session. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Block } from './read-blocks.ts';

export interface Session {
  /** For the files of the session. */
  readonly root: string;
  /** The checkout in which the blocks are executed. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends the session when it is aborted. */
  readonly signal: AbortSignal;
}

export interface PageOutcome {
  readonly code: number | null;
  /** Both outputs, with the place of each block before its own. */
  readonly output: string;
}

/**
 * A block that fails ends the session; the last block is executed all the same, since it is the one that takes away what
 * the others made. Variables, functions and the working directory go on from block to block.
 */
function renderDriver(files: readonly { readonly place: string; readonly file: string }[]): string {
  const steps = files.map(({ place, file }) => [`echo '--- ${place}'`, `source ${file}`].join('\n'));
  const last = steps.pop() ?? '';
  return [
    'set -euo pipefail',
    'shopt -s inherit_errexit',
    `take_away() { status=$?; trap - EXIT; set +eu; ${last.replace('\n', '; ')}; exit "$status"; }`,
    ...(steps.length === 0 ? [] : ['trap take_away EXIT']),
    ...steps,
    'trap - EXIT',
    last,
    '',
  ].join('\n');
}

async function writeSession(root: string, blocks: readonly Block[]): Promise<string> {
  const directory = join(root, 'blocks');
  await mkdir(directory, { recursive: true });
  const files = blocks.map(({ place }, index) => ({ place, file: join(directory, `${index + 1}.sh`) }));
  await Promise.all(files.map(({ file }, index) => writeFile(file, `${blocks[index]?.script ?? ''}\n`)));
  const driver = join(directory, 'all.sh');
  await writeFile(driver, renderDriver(files));
  return driver;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

/** What the blocks left running in the background ends with the session. */
export async function runPage(blocks: readonly Block[], session: Session): Promise<PageOutcome> {
  const driver = await writeSession(session.root, blocks);
  const child = spawn('bash', [driver], {
    cwd: session.cwd,
    env: session.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const abort = (): void => killGroup(child.pid);
  session.signal.addEventListener('abort', abort, { once: true });
  if (session.signal.aborted) abort();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  // A block's background process may hold the output open after the session, so the group ends with it.
  const exited = once(child, 'exit').then(() => killGroup(child.pid));
  await Promise.all([exited, once(child, 'close')]);
  session.signal.removeEventListener('abort', abort);
  return { code: child.exitCode, output };
}
