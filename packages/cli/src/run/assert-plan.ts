/** assertPlan: refuses a run of which no plan could be made, before it costs a pod; with the function that the pipeline uses. */

import {
  planRun,
  UNKNOWN_REVISION,
  type PipelineRun,
  type PlanMode,
  type RunMode,
  type Stack,
} from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';
import { parseStringMap } from '../parse-assignments.ts';
import { renderPlanFailures } from '../render/plan-failures.ts';

/** The defaults of the pipelines' params (docs/architecture.md) where the run leaves them out. */
const DEFAULTS: Readonly<Record<string, string>> = {
  team: 'default',
  'version-overrides': '{}',
  'changed-app': '',
  apps: '',
  'forge-host': 'github.com',
  'max-parallel-builds': '5',
  'intercept-backend': 'telepresence',
  'default-namespace': 'staging',
};

/** CliFailure with every reason. A look at a stack (mode verify) tells its problems itself. */
export function assertPlan(run: PipelineRun, stack: Stack, mode: Exclude<RunMode, 'continue'>): void {
  if (mode === 'verify') return;
  const plan = planRun(planRequestOf(run, stack, mode));
  if (plan.ok) return;
  throw new CliFailure(EXIT.invalidInput, `this run cannot work: ${renderPlanFailures(plan.error)}`);
}

function planRequestOf(run: PipelineRun, stack: Stack, mode: PlanMode): Parameters<typeof planRun>[0] {
  const given = new Map(
    run.spec.params?.map(({ name, value }) => [name, typeof value === 'string' ? value : '']),
  );
  const value = (name: string): string => given.get(name) ?? DEFAULTS[name] ?? '';
  const names = (name: string): string[] =>
    value(name)
      .split(/[\s,]+/)
      .filter((part) => part !== '');
  return {
    mode,
    team: value('team'),
    stack,
    versions: { apps: {} },
    overrides: parseStringMap(value('version-overrides'), '--version-overrides'),
    changedApps: names('changed-app'),
    apps: names('apps'),
    revisions: Object.fromEntries(stack.apps.map((app) => [app.name, UNKNOWN_REVISION])),
    registry: value('image-registry'),
    host: value('forge-host'),
    forceRebuild: false,
    interceptBackend: value('intercept-backend'),
    maxParallelBuilds: Number(value('max-parallel-builds')),
    defaultNamespace: value('default-namespace'),
    ...(given.has('pr-number') ? { pullRequest: Number(value('pr-number')) } : {}),
    ...(given.has('pr-repository') ? { repository: value('pr-repository') } : {}),
  };
}
