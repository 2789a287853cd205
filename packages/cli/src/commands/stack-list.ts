/** stackList: the stacks of a directory, one per line. */

import { entryApps, parseStack, type Stack } from '@tekton-dag/model';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { listStackFiles } from '../list-stack-files.ts';
import { readText, writeDiagnostics, type InputOptions } from '../read-input-file.ts';
import { renderObjects, type ObjectView, type OutputFormat } from '../render/objects.ts';

export interface StackListOptions extends InputOptions {
  readonly output?: OutputFormat;
}

interface ListedStack extends Stack {
  readonly file: string;
}

const VIEW: ObjectView<ListedStack> = {
  nameOf: ({ name }) => `stack/${name}`,
  headings: ['NAME', 'APPS', 'ENTRY', 'FILE'],
  row: (stack) => [stack.name, String(stack.apps.length), entryApps(stack).join(','), stack.file],
  wideHeadings: ['HEADER', 'DESCRIPTION'],
  wideRow: (stack) => [stack.propagation.headerName, stack.description ?? ''],
};

/** Files that are no stack are told on stderr and make the exit code 3; versions and registry files are passed over. */
export async function stackList(
  host: CliHost,
  directory: string,
  options: StackListOptions,
): Promise<number> {
  const stacks: ListedStack[] = [];
  const files = await listStackFiles(host, directory);
  for (const file of files) {
    const text = await readText(host, file);
    const parsed = parseStack(text, file);
    if (parsed.ok) stacks.push({ ...parsed.value, file });
    else writeDiagnostics(host, parsed.error, text, options);
  }
  host.stdout.write(await renderObjects(stacks, VIEW, options.output));
  return stacks.length === files.length ? EXIT.ok : EXIT.invalidInput;
}
