/** stackValidate: every problem of every file, each with line, column, squiggle and hint. */

import { basename } from 'node:path';
import { parseRegistry, parseStack, parseTeam, parseVersions } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { readText, writeDiagnostics, type InputOptions, type Parse } from '../read-input-file.ts';

const PARSERS: Readonly<Record<string, Parse<unknown>>> = {
  team: parseTeam,
  versions: parseVersions,
  registry: parseRegistry,
};

/** What a file is follows from its name; everything else is a stack. */
function parserOf(file: string): Parse<unknown> {
  return PARSERS[basename(file).replace(/\.ya?ml$/, '')] ?? parseStack;
}

/** Prints `<file>: VALID` for each good file; goes through all of them before it fails with exit code 3. */
export async function stackValidate(
  host: CliHost,
  files: readonly string[],
  options: InputOptions,
): Promise<number> {
  let problems = 0;
  for (const file of files) {
    const text = await readText(host, file);
    const parsed = parserOf(file)(text, file);
    if (parsed.ok) {
      host.stdout.write(`${file}: VALID\n`);
    } else {
      writeDiagnostics(host, parsed.error, text, options);
      problems += parsed.error.length;
    }
  }
  if (problems === 0) return EXIT.ok;
  throw new CliFailure(EXIT.invalidInput, `${problems} ${problems === 1 ? 'problem' : 'problems'} found`);
}
