/** localStatus: whether the local cluster runs, and where. */

import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { findDaemon } from '../local/daemon-record.ts';
import { stateDirectory, type StateOptions } from '../local/state-directory.ts';
import { renderData } from '../render/objects.ts';

export interface LocalStatusOptions extends StateOptions {
  readonly output?: 'json' | 'yaml';
}

/** Exit code 4 when it does not run. */
export async function localStatus(host: CliHost, options: LocalStatusOptions): Promise<number> {
  const stateDir = stateDirectory(host, options);
  const daemon = await findDaemon(stateDir);
  const running = daemon !== undefined;
  const { kubeconfigPath, apiUrl, registryHost, pid, startedAt } = daemon ?? {};
  const facts = { running, stateDir, pid, startedAt, apiUrl, registryHost, kubeconfigPath };
  host.stdout.write(
    options.output === undefined
      ? Object.entries(facts)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => `${`${name}:`.padEnd(16)}${String(value)}\n`)
          .join('')
      : await renderData(facts, options.output),
  );
  return running ? EXIT.ok : EXIT.unreachable;
}
