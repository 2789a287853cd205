/** watchTokenFile: the tokens of a file that may change while the service runs. */

import type { Diagnostic } from '@tekton-dag/model';
import { readFile, stat } from 'node:fs/promises';
import { parseTokenFile } from './parse-token-file.ts';
import type { StaticToken } from './static-token.ts';

/** A changed Secret counts after at most this long, once the volume shows it. */
const LOOK_AGAIN_MS = 1_000;

/** Gives the tokens as they are now; a file that is missing or broken leaves the last good ones and is told once. */
export function watchTokenFile(
  path: string,
  onProblem: (problem: string) => void,
): () => Promise<readonly StaticToken[]> {
  let tokens: readonly StaticToken[] = [];
  let version = '';
  let lookedAtMs = -Infinity;
  const look = async (): Promise<void> => {
    const found = await versionOf(path);
    if (found === version) return;
    version = found;
    const parsed = await readTokens(path);
    if (Array.isArray(parsed)) tokens = parsed;
    else onProblem(parsed);
  };
  let looking: Promise<void> = Promise.resolve();
  return async () => {
    if (performance.now() - lookedAtMs >= LOOK_AGAIN_MS) {
      lookedAtMs = performance.now();
      looking = look();
    }
    await looking;
    return tokens;
  };
}

/** The problem as text when the file cannot be used. */
async function readTokens(path: string): Promise<StaticToken[] | string> {
  try {
    const parsed = parseTokenFile(await readFile(path, 'utf8'), path);
    return parsed.ok ? [...parsed.value] : parsed.error.map(describe).join('; ');
  } catch (error) {
    return `${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function describe({ file, line, column, message }: Diagnostic): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** A mounted Secret changes by another file taking the name: inode and times tell. */
async function versionOf(path: string): Promise<string> {
  try {
    const { ino, mtimeMs, size } = await stat(path);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return 'missing';
  }
}
