/** Options of the commands that read all teams and stacks of a checkout. */

import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
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

/** CliFailure for a place that is not there, with words for people and not those of the service's settings. */
export function assertDirectory({ cwd }: CliHost, directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const below = relative(cwd, directory);
  throw new CliFailure(
    EXIT.invalidInput,
    `there is no directory ${below.startsWith('..') ? directory : below}`,
    'name a checkout of the platform repository; --teams says where its folders of teams are',
  );
}
