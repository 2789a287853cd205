/** version: of this program, and of the Node that runs it. */

import manifest from '../../package.json' with { type: 'json' };
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { renderData } from '../render/objects.ts';

/** `tekton-dag <version> (node <version>)`. */
export async function version(
  host: CliHost,
  options: { readonly output?: 'json' | 'yaml' },
): Promise<number> {
  const facts = {
    version: manifest.version,
    node: process.versions.node,
    platform: `${process.platform}/${process.arch}`,
  };
  host.stdout.write(
    options.output === undefined
      ? `tekton-dag ${facts.version} (node ${facts.node}, ${facts.platform})\n`
      : await renderData(facts, options.output),
  );
  return EXIT.ok;
}
