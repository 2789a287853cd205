/** localKubeconfig: the kubeconfig of the local cluster, as a path or as text. */

import { readFile } from 'node:fs/promises';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { findDaemon } from '../local/daemon-record.ts';
import { stateDirectory, type StateOptions } from '../local/state-directory.ts';

export interface LocalKubeconfigOptions extends StateOptions {
  readonly raw?: boolean;
}

/** The path, for `export KUBECONFIG=$(tekton-dag local kubeconfig)`. */
export async function localKubeconfig(host: CliHost, options: LocalKubeconfigOptions): Promise<number> {
  const daemon = await findDaemon(stateDirectory(host, options));
  if (daemon === undefined) {
    throw new CliFailure(
      EXIT.unreachable,
      'the local cluster does not run',
      'start it with `tekton-dag local up`',
    );
  }
  const { kubeconfigPath } = daemon;
  host.stdout.write(options.raw === true ? await readFile(kubeconfigPath, 'utf8') : `${kubeconfigPath}\n`);
  return EXIT.ok;
}
