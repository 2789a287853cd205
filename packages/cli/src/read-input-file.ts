/** readInputFile: a file of the user's, parsed, or an end with exit code 3 that shows every problem. */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { renderDiagnostics, type Diagnostic, type Result } from '@tekton-dag/model';
import { CliFailure } from './cli-failure.ts';
import type { CliHost } from './cli-host.ts';
import { EXIT } from './exit-code.ts';
import { wantsColor } from './render/style.ts';

/** Parses a text; the file's name is for its diagnostics. */
export type Parse<T> = (text: string, file: string) => Result<T, Diagnostic[]>;

export interface InputOptions {
  /** False after `--no-color`. */
  readonly color?: boolean | undefined;
}

/** The text of a file; CliFailure when it cannot be read. */
export async function readText(host: CliHost, file: string): Promise<string> {
  try {
    return await readFile(resolve(host.cwd, file), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    const reason = code === 'ENOENT' ? 'there is no such file' : code;
    throw new CliFailure(EXIT.invalidInput, `cannot read ${file}: ${reason}`);
  }
}

/** Reads and parses; writes diagnostics to stderr and throws CliFailure when there are any. */
export async function readInputFile<T>(
  host: CliHost,
  file: string,
  parse: Parse<T>,
  options: InputOptions,
): Promise<T> {
  const text = await readText(host, file);
  const parsed = parse(text, file);
  if (parsed.ok) return parsed.value;
  writeDiagnostics(host, parsed.error, text, options);
  const count = parsed.error.length;
  throw new CliFailure(EXIT.invalidInput, `${file} has ${count} ${count === 1 ? 'problem' : 'problems'}`);
}

/** To stderr, with a squiggle under each problem. */
export function writeDiagnostics(
  host: CliHost,
  diagnostics: readonly Diagnostic[],
  text: string,
  options: InputOptions,
): void {
  const color = wantsColor(host.env, host.stderrIsTerminal, options.color);
  host.stderr.write(`${renderDiagnostics([...diagnostics], text, { color }).trimEnd()}\n`);
}
