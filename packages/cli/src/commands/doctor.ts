/** doctor: what is there, what is missing, and what to do about it. */

import type { Team } from '@tekton-dag/model';
import type { CliHost } from '../cli-host.ts';
import { checkCluster, type ClusterCheckOptions } from '../doctor/check-cluster.ts';
import { renderCheck } from '../doctor/check.ts';
import { checkPrograms } from '../doctor/check-programs.ts';
import { checkRegistry } from '../doctor/check-registry.ts';
import { dropAbsent } from '../drop-absent.ts';
import { EXIT } from '../exit-code.ts';
import { readTeam } from '../read-team.ts';
import { renderData } from '../render/objects.ts';
import { createStyle, wantsColor } from '../render/style.ts';

export interface DoctorOptions extends ClusterCheckOptions {
  readonly team?: string;
  /** `host[:port][/path]`; default: the team's. */
  readonly registry?: string;
  readonly output?: 'json' | 'yaml';
}

/** Exit code 4 when something that every run needs is missing. */
export async function doctor(host: CliHost, options: DoctorOptions): Promise<number> {
  const team = await readTeam(host, options.team, options);
  const [programs, cluster] = await Promise.all([
    checkPrograms(host),
    checkCluster(host, withTeam(options, team)),
  ]);
  const registry = options.registry ?? team?.imageRegistry;
  const insecure = team?.insecureRegistries ?? [];
  const checks = [
    ...programs,
    ...cluster,
    ...(registry === undefined ? [] : [await checkRegistry({ registry, insecure })]),
  ];
  const style = createStyle(wantsColor(host.env, host.stdoutIsTerminal, options.color));
  host.stdout.write(
    options.output === undefined
      ? checks.map((check) => renderCheck(check, style)).join('')
      : await renderData({ checks }, options.output),
  );
  return checks.some(({ state }) => state === 'missing') ? EXIT.unreachable : EXIT.ok;
}

/** The team's namespace and context, unless flags say otherwise. */
function withTeam(options: DoctorOptions, team: Team | undefined): ClusterCheckOptions {
  const { namespace = team?.namespace, context = team?.cluster } = options;
  return { ...options, ...dropAbsent({ namespace, context }) };
}
