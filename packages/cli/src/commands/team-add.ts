/** teamAdd: writes the folder of a new team, when nothing is wrong with it and with the teams that are there. */

import { listFormats } from '@tekton-dag/model';
import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { describeNextSteps } from '../team/describe-next-steps.ts';
import { readCheckout, type CheckoutPlace, type CheckoutProblem } from '../team/read-checkout.ts';
import { renderTeamFiles, type TeamFiles, type TeamRequest } from '../team/render-team-files.ts';
import { writeTeamFolder } from '../team/write-team-folder.ts';
import { assertDirectory, checkoutPlaceOf } from './team-options.ts';

export interface TeamAddOptions extends Omit<TeamRequest, 'name' | 'stacks' | 'buildCacheClaim'> {
  readonly stack: readonly string[];
  readonly buildCache?: string;
  /** Holds the folders of teams; default: `teams` in the checkout. */
  readonly teams?: string;
  readonly dryRun?: boolean;
}

/** Prints the paths of what was written; with `--dry-run` the files themselves. */
export async function teamAdd(
  host: CliHost,
  name: string,
  directory: string,
  options: TeamAddOptions,
): Promise<number> {
  assertName(name);
  assertIngress(options);
  const request = { ...options, name, stacks: options.stack.map(spell), buildCacheClaim: options.buildCache };
  const { teams, namespace = name } = options;
  const place = checkoutPlaceOf(host, directory, { namespace, ...(teams === undefined ? {} : { teams }) });
  assertDirectory(host, place.platformDir);
  const folder = join(place.teamsDir, name);
  await assertFree(host, folder);
  const files = renderTeamFiles(request, existsSync(join(place.teamsDir, 'schema.json')));
  await assertValid(host, place, folder, files);
  const shown = relative(host.cwd, folder);
  if (options.dryRun === true) {
    host.stdout.write(`# ${shown}/team.yaml\n${files.team}---\n# ${shown}/values.yaml\n${files.values}`);
    return EXIT.ok;
  }
  await write(folder, shown, files);
  host.stdout.write(`${shown}/team.yaml\n${shown}/values.yaml\n`);
  const chart = relative(host.cwd, join(place.platformDir, 'helm/tekton-dag'));
  host.stderr.write(describeNextSteps(request, { folder: shown, chart }));
  return EXIT.ok;
}

/** As team files do: shells complete paths with `./` in front. */
function spell(stackFile: string): string {
  return stackFile === '' ? '' : posix.normalize(stackFile);
}

/** Before it becomes a part of a path. */
function assertName(name: string): void {
  const { pattern, message, hint } = listFormats().label;
  if (!pattern.test(name))
    throw new CliFailure(EXIT.invalidInput, `${JSON.stringify(name)} ${message}`, hint);
}

function assertIngress({ ingressHost, ingressClass }: TeamAddOptions): void {
  if (ingressClass === undefined || ingressHost !== undefined) return;
  throw new CliFailure(EXIT.usage, '--ingress-class needs --ingress-host');
}

async function assertFree(host: CliHost, folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return;
  throw new CliFailure(
    EXIT.invalidInput,
    `${relative(host.cwd, folder)} is there already`,
    'edit its files and run tekton-dag team validate, or choose another name',
  );
}

/** What was wrong before is not the new team's fault. */
async function assertValid(
  host: CliHost,
  place: CheckoutPlace,
  folder: string,
  { team, values }: TeamFiles,
): Promise<void> {
  const added = new Map([
    [join(folder, 'team.yaml'), team],
    [join(folder, 'values.yaml'), values],
  ]);
  const before = new Set((await readCheckout(place)).problems.map(({ line }) => line));
  const { problems } = await readCheckout({ ...place, added });
  const own = problems.filter(({ line }) => !before.has(line));
  for (const { line } of own) host.stderr.write(`${line}\n`);
  const errors = own.filter(isError).length;
  if (errors === 0) return;
  const count = `${errors} ${errors === 1 ? 'error' : 'errors'}`;
  throw new CliFailure(EXIT.invalidInput, `${relative(host.cwd, folder)} is not written: ${count}`);
}

function isError({ severity }: CheckoutProblem): boolean {
  return severity === 'error';
}

async function write(folder: string, shown: string, files: TeamFiles): Promise<void> {
  try {
    await writeTeamFolder(folder, files);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new CliFailure(EXIT.invalidInput, `${shown} cannot be written: ${String(error.code)}`);
  }
}
