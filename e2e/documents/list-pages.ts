/** listPages: the Markdown files of a checkout, those that are not committed yet included. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths relative to the checkout, sorted. */
export async function listPages(checkout: string): Promise<readonly string[]> {
  const { stdout } = await run(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*.md'],
    { cwd: checkout },
  );
  const paths = stdout.split('\0').filter((path) => path !== '' && existsSync(join(checkout, path)));
  return paths.toSorted();
}
