/** stackGraph: the graph of a stack as a picture, or a walk over it. */

import { chainHops, entryApps, parseStack, topologicalOrder, type Stack } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { readInputFile, type InputOptions } from '../read-input-file.ts';
import { renderGraph, type GraphFormat } from '../render/graph-format.ts';

export interface StackGraphOptions extends InputOptions {
  readonly topo?: boolean;
  readonly entry?: boolean;
  readonly chain?: string;
  readonly validate?: boolean;
  readonly output?: GraphFormat;
}

/** Walks print one name per line. */
export async function stackGraph(host: CliHost, file: string, options: StackGraphOptions): Promise<number> {
  const stack = await readInputFile(host, file, parseStack, options);
  if (options.validate === true) {
    host.stdout.write('VALID\n');
    return EXIT.ok;
  }
  const names = walk(stack, file, options);
  host.stdout.write(
    names === undefined ? renderGraph(stack, options.output) : names.map((name) => `${name}\n`).join(''),
  );
  return EXIT.ok;
}

function walk(stack: Stack, file: string, { topo, entry, chain }: StackGraphOptions): string[] | undefined {
  if (topo === true) return topologicalOrder(stack);
  if (entry === true) return entryApps(stack);
  if (chain === undefined) return undefined;
  if (stack.apps.every(({ name }) => name !== chain)) {
    const known = stack.apps.map(({ name }) => name).join(', ');
    throw new CliFailure(EXIT.invalidInput, `${file} has no app ${chain}`, `its apps are ${known}`);
  }
  return chainHops(stack, chain);
}
