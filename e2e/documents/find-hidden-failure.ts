/** findHiddenFailure: why a command block could end well without having done what it says. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `|| true` and its likes; `|| test $? -eq 1` is right for a program that says "different" with 1. */
const FORGIVES = /\|\|\s*(?:(?:true|exit 0|echo)\b|:)|;\s*true$|\bset \+[eu]|\btrap\b/m;

/** What bash says of the text alone: a quote, or a here-document, that nothing closes. */
async function findUnclosed(script: string): Promise<string | undefined> {
  const said = await run('bash', ['-n', '-c', script]).then(
    ({ stderr }) => stderr,
    (error: unknown) => String(error),
  );
  return said === '' ? undefined : said.trim();
}

/** Undefined for a block whose failure shows. */
export async function findHiddenFailure(script: string): Promise<string | undefined> {
  const forgiven = FORGIVES.exec(script)?.[0];
  return forgiven === undefined ? await findUnclosed(script) : `hides a failure: ${forgiven}`;
}
