/** runGenerate: what scripts/generate-run.sh does: prints a PipelineRun, or with --apply creates that very one. */

import { parseRegistry, type Registry } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { readInputFile } from '../read-input-file.ts';
import { readTeam } from '../read-team.ts';
import { toRunOptions, type GenerateOptions } from '../run/generate-options.ts';
import { runCreate } from './run-create.ts';

const REGISTRY_FILE = 'stacks/registry.yaml';

/** As `runCreate`; nothing is created unless `--apply` is given. */
export async function runGenerate(host: CliHost, options: GenerateOptions): Promise<number> {
  if (options.apply === true && options.dryRun === true) {
    throw new CliFailure(EXIT.usage, '--apply and --dry-run contradict each other');
  }
  if (options.storageClass !== undefined) {
    host.stderr.write(
      'warning: runs share no volume any more: --storage-class has no effect here; ' +
        'name a claim for the build cache with --build-cache\n',
    );
  }
  const create = toRunOptions(options, {
    variables: host.env,
    team: await readTeam(host, options.team, options),
    registry: await readRegistry(host, options),
  });
  return await runCreate(host, {
    ...create,
    ...(options.team === undefined ? {} : { team: options.team }),
    dryRun: options.apply !== true,
  });
}

async function readRegistry(host: CliHost, options: GenerateOptions): Promise<Registry | undefined> {
  return options.repo === undefined ? undefined : readInputFile(host, REGISTRY_FILE, parseRegistry, options);
}
