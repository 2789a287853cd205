/** makeRuns: makes the wanted runs exist, and tells of each that the cluster will not have why. */

import { KubeError } from '@tekton-dag/kube';
import type { DecidedTarget, RunTarget } from '../deliveries/decision.ts';
import type { MadeRun, SkippedTarget } from '../deliveries/delivery-outcome.ts';
import { createRun } from './create-run.ts';
import { renderRun } from './render-run.ts';
import type { RunContext } from './run-context.ts';
import type { ChangeRunRequest } from './run-request.ts';

/** A run before its team is looked up: teams come and go while deliveries wait. */
export interface WantedRun extends Omit<
  ChangeRunRequest,
  'team' | 'stackFile' | 'versionOverrides' | 'forceRebuild'
> {
  readonly target: DecidedTarget;
}

export interface MadeRuns {
  readonly runs: readonly MadeRun[];
  readonly skipped: readonly SkippedTarget[];
}

/** The API will say the same tomorrow. */
const PERMANENT_REASONS = new Set(['Invalid', 'BadRequest', 'RequestEntityTooLarge']);
/** Somebody may mend it: a role, a quota, a namespace that is made a moment later. */
const MENDABLE_REASONS = new Set(['Forbidden', 'NotFound']);

/** What a target says of its run. */
export function describeTarget(target: RunTarget): Pick<WantedRun, 'target' | 'name' | 'stack' | 'session'> {
  return { target, name: target.runName, stack: target.stack, session: target.session };
}

/**
 * One target's refusal does not keep the others from their runs. Rejects, when all were tried, with what may pass: the
 * API is away, or until `patientUntilMs` what somebody may mend.
 */
export async function makeRuns(
  context: RunContext,
  wanted: readonly WantedRun[],
  patientUntilMs: number,
): Promise<MadeRuns> {
  const runs: MadeRun[] = [];
  const skipped: SkippedTarget[] = [];
  const passing: unknown[] = [];
  for (const run of wanted) {
    const { team, stack, namespace } = run.target;
    try {
      await makeRun(context, run);
      runs.push({
        team,
        stack,
        namespace,
        name: run.name,
        apps: [...run.apps],
        dependsOn: [...run.dependsOn],
      });
    } catch (error) {
      if (mayPass(error, patientUntilMs)) passing.push(error);
      else skipped.push({ team, stack, reason: 'forbidden', detail: describeRefusal(error) });
    }
  }
  if (passing.length > 0) throw passing[0];
  return { runs, skipped };
}

/** No such team is loaded; a broken file may be mended. */
class TeamMissingError extends Error {
  constructor(team: string) {
    super(`team ${team} is not loaded`);
    this.name = 'TeamMissingError';
  }
}

async function makeRun(context: RunContext, { target, ...wanted }: WantedRun): Promise<void> {
  const team = context.snapshot().teams.get(target.team);
  if (team === undefined) throw new TeamMissingError(target.team);
  const request = { ...wanted, team, stackFile: target.stackFile, versionOverrides: {}, forceRebuild: false };
  const askedAtMs = Date.now();
  const outcome = await createRun(context.client, renderRun(request, context.defaults));
  if (outcome === 'created') context.onRunCreated(request, askedAtMs);
}

function mayPass(error: unknown, patientUntilMs: number): boolean {
  const isMendable =
    error instanceof TeamMissingError || (error instanceof KubeError && MENDABLE_REASONS.has(error.reason));
  if (isMendable) return Date.now() < patientUntilMs;
  return !(error instanceof KubeError && PERMANENT_REASONS.has(error.reason));
}

function describeRefusal(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
