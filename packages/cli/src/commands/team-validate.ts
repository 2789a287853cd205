/** teamValidate: every problem of all team files, their values and their stacks, those between the files included. */

import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { readCheckout } from '../team/read-checkout.ts';
import { assertDirectory, checkoutPlaceOf, type TeamOptions } from './team-options.ts';

/** One line per problem on stdout; exit code 3 when any is an error. */
export async function teamValidate(host: CliHost, directory: string, options: TeamOptions): Promise<number> {
  const place = checkoutPlaceOf(host, directory, options);
  assertDirectory(host, place.teamsDir);
  const { problems, stacks, teams } = await readCheckout(place);
  for (const { line } of problems) host.stdout.write(`${line}\n`);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) {
    throw new CliFailure(EXIT.invalidInput, `${errors} ${errors === 1 ? 'error' : 'errors'} found`);
  }
  host.stdout.write(`${teams.size} teams, ${stacks.size} stacks: VALID\n`);
  return EXIT.ok;
}
