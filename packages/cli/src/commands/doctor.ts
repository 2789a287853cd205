/** doctor: what is there, what is missing, and what to do about it. */

import type { CliHost } from '../cli-host.ts';
import { checkCluster } from '../doctor/check-cluster.ts';
import { renderCheck } from '../doctor/check.ts';
import { checkPrograms } from '../doctor/check-programs.ts';
import { EXIT } from '../exit-code.ts';
import type { ClusterOptions } from '../open-cluster.ts';
import { renderData } from '../render/objects.ts';
import { createStyle, wantsColor } from '../render/style.ts';

export interface DoctorOptions extends ClusterOptions {
  readonly output?: 'json' | 'yaml';
}

/** Exit code 4 when something that every run needs is missing. */
export async function doctor(host: CliHost, options: DoctorOptions): Promise<number> {
  const [programs, cluster] = await Promise.all([checkPrograms(host), checkCluster(host, options)]);
  const checks = [...programs, ...cluster];
  const style = createStyle(wantsColor(host.env, host.stdoutIsTerminal, options.color));
  host.stdout.write(
    options.output === undefined
      ? checks.map((check) => renderCheck(check, style)).join('')
      : await renderData({ checks }, options.output),
  );
  return checks.some(({ state }) => state === 'missing') ? EXIT.unreachable : EXIT.ok;
}
