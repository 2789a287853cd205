/** testChange: makes the test runs of one commit of a pull request, one for each (team, stack), whoever asked for them. */

import { err, ok, type Result, type Stack } from '@tekton-dag/model';
import type { RunTarget } from '../deliveries/decision.ts';
import type { DeliveryOutcome, SkippedTarget } from '../deliveries/delivery-outcome.ts';
import type { Change } from '../forge/change.ts';
import type { ForgeClient } from '../forge/forge-client.ts';
import { isLastingRefusal } from '../forge/is-lasting-refusal.ts';
import { cancelSessions } from './cancel-session.ts';
import { describeTarget, makeRuns, type WantedRun } from './make-runs.ts';
import { resolveDependencies, type NeededChange } from './resolve-dependencies.ts';
import type { RunContext } from './run-context.ts';
import { hasPathFilters, selectApps } from './select-apps.ts';

export interface ChangeToTest {
  readonly change: Change;
  readonly sha: string;
  readonly targets: readonly RunTarget[];
  /** Which run of this commit it is, from 1, as people count. */
  readonly attempt: number;
  /** False for the code of a fork. */
  readonly trusted: boolean;
  readonly delivery?: string;
  readonly traceparent?: string;
  /** A new pull request has no older runs to look for. */
  readonly isFirst: boolean;
  /** What the cluster refuses may be mended until then. */
  readonly patientUntilMs: number;
}

/** Targets that are left, and what is to be said of the others. */
interface Selection {
  readonly targets: readonly RunTarget[];
  readonly skipped: readonly SkippedTarget[];
  readonly notes: readonly string[];
}

/**
 * Older runs of the pull request are cancelled once the new ones exist. Doing it again leaves the same runs. Rejects with
 * what the API, the store or the forge said; all of it may then be done again.
 */
export async function testChange(context: RunContext, wish: ChangeToTest): Promise<DeliveryOutcome> {
  const selection = await applyPathFilters(context, wish);
  const [firstSkipped] = selection.skipped;
  if (selection.targets.length === 0 && firstSkipped !== undefined) {
    return { kind: 'skipped', reason: firstSkipped.reason, detail: firstSkipped.detail };
  }
  const needed = await resolveDependencies(context, wish.change, wish.patientUntilMs);
  if (!needed.ok) return { kind: 'skipped', reason: 'dependency', detail: needed.error };
  const stray = strayDependency(context, wish, needed.value);
  if (stray !== undefined) return { kind: 'skipped', reason: 'dependency', detail: stray };
  return await makeTestRuns(context, wish, selection, needed.value);
}

/** Asks the forge only where an app says which files are its own. */
async function applyPathFilters({ forges, snapshot }: RunContext, wish: ChangeToTest): Promise<Selection> {
  const { change, targets } = wish;
  const { stacks } = snapshot();
  const stackOf = (target: RunTarget): Stack | undefined => stacks.get(target.stackFile);
  const isFiltered = targets.some((target) => {
    const stack = stackOf(target);
    return stack !== undefined && hasPathFilters(stack, target.apps);
  });
  if (!isFiltered) return { targets, skipped: [], notes: [] };
  const client = forges.clientFor(change.host);
  if (client === undefined) {
    const note = `path filters count as met: no credentials for ${change.host} to list the changed files with`;
    return { targets, skipped: [], notes: [note] };
  }
  const files = await listFiles(client, wish);
  if (!files.ok) return { targets, skipped: [], notes: [`path filters count as met: ${files.error}`] };
  const selected = targets.map((target) => {
    const stack = stackOf(target);
    return stack === undefined ? target : { ...target, apps: selectApps(stack, target.apps, files.value) };
  });
  const untouched = selected.filter(({ apps }) => apps.length === 0);
  return {
    targets: selected.filter(({ apps }) => apps.length > 0),
    skipped: untouched.map(({ team, stack }) => ({
      team,
      stack,
      reason: 'paths',
      detail: 'no changed file belongs to an app of the stack',
    })),
    notes: [],
  };
}

/** The error tells why the forge will not say. */
async function listFiles(
  client: ForgeClient,
  { change, patientUntilMs }: ChangeToTest,
): Promise<Result<readonly string[], string>> {
  try {
    return ok(await client.listChangedFiles(change.repository, change.pullRequest));
  } catch (error) {
    if (isLastingRefusal(error, patientUntilMs)) return err(error.message);
    throw error;
  }
}

/** Each needed pull request must be of a repository of one of the stacks, or nothing would be built of it. */
function strayDependency(
  context: RunContext,
  { targets }: ChangeToTest,
  needed: readonly NeededChange[],
): string | undefined {
  const stray = needed.find(
    ({ change }) => !targets.some((target) => appsFedBy(context, target, change).length > 0),
  );
  if (stray === undefined) return undefined;
  return `${nameOf(stray.change)} is of a repository that feeds no stack of this pull request`;
}

function appsFedBy({ snapshot }: RunContext, target: RunTarget, change: Change): readonly string[] {
  const found = snapshot().routes.find(change.host, change.repository);
  const same = found.find(
    ({ team, stackFile }) => team.name === target.team && stackFile === target.stackFile,
  );
  return same?.apps ?? [];
}

async function makeTestRuns(
  context: RunContext,
  wish: ChangeToTest,
  { targets, skipped, notes }: Selection,
  needed: readonly NeededChange[],
): Promise<DeliveryOutcome> {
  const wanted: WantedRun[] = [];
  for (const target of targets) {
    const built = buildTogether(context, wish, target, needed);
    if (!built.ok) return { kind: 'skipped', reason: 'dependency', detail: built.error };
    wanted.push(built.value);
  }
  const made = await makeRuns(context, wanted, wish.patientUntilMs);
  if (!wish.isFirst) {
    const names = targets.map(({ runName }) => runName);
    await cancelSessions(context.client, targets, names);
  }
  return { kind: 'runs', runs: [...made.runs], skipped: [...skipped, ...made.skipped], notes: [...notes] };
}

/** The change and what it needs in one run; the error names an app that two of them change. */
function buildTogether(
  context: RunContext,
  wish: ChangeToTest,
  target: RunTarget,
  needed: readonly NeededChange[],
): Result<WantedRun, string> {
  const revisions = new Map(target.apps.map((app) => [app, wish.sha]));
  const fitting = needed.flatMap((one) => {
    const apps = appsFedBy(context, target, one.change);
    return apps.length === 0 ? [] : [{ ...one, apps }];
  });
  for (const { change, apps } of fitting) {
    const clash = apps.find((app) => (revisions.get(app) ?? change.headSha) !== change.headSha);
    if (clash !== undefined) return err(`${nameOf(change)} changes app ${clash}, which is changed already`);
    for (const app of apps) revisions.set(app, change.headSha);
  }
  const { change, sha, attempt, delivery, traceparent } = wish;
  return ok({
    ...describeTarget(target),
    mode: 'pr',
    apps: [...revisions.keys()].sort(),
    appRevisions: Object.fromEntries(revisions),
    trusted: wish.trusted && fitting.every((one) => one.trusted),
    dependsOn: fitting.map((one) => `${nameOf(one.change)}@${one.change.headSha}`),
    pullRequest: change.pullRequest,
    host: change.host,
    repository: change.repository,
    sha,
    attempt,
    ...(delivery === undefined ? {} : { delivery }),
    ...(traceparent === undefined ? {} : { traceparent }),
  });
}

function nameOf({ repository, pullRequest }: Change): string {
  return `${repository}#${pullRequest}`;
}
