/** stackPlan: what a run would do, from the same pure function that the pipeline uses. */

import { planRun, parseStack, type Plan, type PlanMode, type Stack } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { readInputFile, type InputOptions } from '../read-input-file.ts';
import { readTeam, readVersions } from '../read-team.ts';
import { renderData } from '../render/objects.ts';
import { renderPlanFailures } from '../render/plan-failures.ts';
import { renderPlan } from '../render/plan.ts';
import { parseAssignments, parseStringMap } from '../parse-assignments.ts';

export interface StackPlanOptions extends InputOptions {
  readonly mode: PlanMode;
  readonly app?: readonly string[];
  readonly apps?: readonly string[];
  readonly pr?: number;
  readonly repository?: string;
  readonly team?: string;
  readonly versions?: string;
  readonly versionOverrides?: string;
  readonly registry?: string;
  readonly revision?: readonly string[];
  readonly output?: 'json' | 'yaml';
}

/** A commit that nobody has: stands for "not known yet" in a preview. */
const UNKNOWN_SHA = '0'.repeat(40);

/** Prints the plan; exit code 3 with every reason when there can be none. */
export async function stackPlan(host: CliHost, file: string, options: StackPlanOptions): Promise<number> {
  const stack = await readInputFile(host, file, parseStack, options);
  const plan = await makePlan(host, stack, options);
  host.stdout.write(options.output === undefined ? renderPlan(plan) : await renderData(plan, options.output));
  return EXIT.ok;
}

async function makePlan(host: CliHost, stack: Stack, options: StackPlanOptions): Promise<Plan> {
  const team = (await readTeam(host, options.team, options)) ?? DEFAULT_TEAM;
  const { mode, app = [], apps, pr, registry = team.imageRegistry } = options;
  const { repository = repositoryOf(stack, app[0]), versionOverrides = '{}' } = options;
  const plan = planRun({
    mode,
    team: team.name,
    stack,
    versions: await readVersions(host, options.versions, options),
    overrides: parseStringMap(versionOverrides, '--version-overrides'),
    changedApps: app,
    revisions: revisionsOf(stack, options.revision),
    registry,
    host: team.host,
    forceRebuild: false,
    interceptBackend: team.interceptBackend,
    maxParallelBuilds: team.maxParallelBuilds,
    defaultNamespace: 'staging',
    ...(apps === undefined ? {} : { apps }),
    ...(pr === undefined ? {} : { pullRequest: pr }),
    ...(repository === undefined ? {} : { repository }),
  });
  if (plan.ok) return plan.value;
  throw new CliFailure(EXIT.invalidInput, `there is no plan: ${renderPlanFailures(plan.error)}`);
}

/** Stands in when no team file is named. */
const DEFAULT_TEAM = {
  name: 'default',
  host: 'github.com',
  imageRegistry: 'registry.example',
  interceptBackend: 'gateway',
  maxParallelBuilds: 5,
} as const;

function repositoryOf(stack: Stack, app: string | undefined): string | undefined {
  return stack.apps.find(({ name }) => name === app)?.repo;
}

function revisionsOf(
  stack: Stack,
  assignments: readonly string[] | undefined,
): Record<string, { sha: string; tree: string }> {
  const given = parseAssignments(assignments ?? [], '--revision');
  return Object.fromEntries(
    stack.apps.map(({ name }) => [
      name,
      { sha: given[name] ?? UNKNOWN_SHA, tree: given[name] ?? UNKNOWN_SHA },
    ]),
  );
}
