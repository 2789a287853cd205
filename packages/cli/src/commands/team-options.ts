/** Options of the commands that read all teams and stacks of a checkout. */

import { join, resolve } from 'node:path';
import type { CliHost } from '../cli-host.ts';
import type { InputOptions } from '../read-input-file.ts';
import type { CheckoutPlace } from '../team/read-checkout.ts';

export interface TeamOptions extends InputOptions {
  /** Holds `<team>/team.yaml`; default: `teams` in the checkout. */
  readonly teams?: string;
  /** Namespace of apps that name none. */
  readonly namespace: string;
}

/** The directories that the options name, absolute. */
export function checkoutPlaceOf(
  host: CliHost,
  directory: string,
  { teams = join(directory, 'teams'), namespace }: TeamOptions,
): CheckoutPlace {
  return {
    teamsDir: resolve(host.cwd, teams),
    platformDir: resolve(host.cwd, directory),
    defaultNamespace: namespace,
    cwd: host.cwd,
  };
}
