/** requestRun: what a caller of the API asks, checked against what is loaded. Pure. */

import {
  err,
  ok,
  parseGitRepository,
  runNameOf,
  sessionOf,
  type PlanMode,
  type Result,
} from '@tekton-dag/model';
import { resolveRunTarget, type ResolvedRunTarget, type RunTargetPlatform } from './resolve-run-target.ts';
import type { RunRequest } from './run-request.ts';

/** A caller's wish, in our words. */
export interface RunWish {
  readonly mode: PlanMode;
  readonly team: string | undefined;
  readonly stackFile: string | undefined;
  /** Empty only for a bootstrap. */
  readonly changedApps: readonly string[];
  readonly pullRequest: number | undefined;
  readonly apps: readonly string[];
  readonly appRevisions: Readonly<Record<string, string>>;
  readonly versionOverrides: Readonly<Record<string, string>>;
  readonly forceRebuild: boolean;
  /** Values that the team's file fixes; each must be absent or the same. */
  readonly fixed: {
    readonly gitUrl: string | undefined;
    readonly gitRevision: string | undefined;
    readonly interceptBackend: string | undefined;
    readonly imageRegistry: string | undefined;
  };
}

/** `not-allowed`: the caller asks for something that only the team's file may say. */
export interface RunWishFailure {
  readonly reason: 'not-found' | 'ambiguous' | 'unknown-app' | 'not-allowed';
  readonly message: string;
}

/** `attempt` makes the name of this run its own. */
export function requestRun(
  snapshot: RunTargetPlatform,
  wish: RunWish,
  attempt: number,
): Result<RunRequest, RunWishFailure> {
  const target = resolveRunTarget(snapshot, {
    team: wish.team,
    stackFile: wish.stackFile,
    apps: wish.changedApps,
  });
  if (!target.ok) return target;
  const refusal = refuseForeignValue(target.value, wish) ?? refuseUnknownApp(target.value, wish);
  return refusal === undefined ? ok(toRequest(target.value, wish, attempt)) : err(refusal);
}

function refuseForeignValue({ team }: ResolvedRunTarget, { fixed }: RunWish): RunWishFailure | undefined {
  const pairs = [
    ['git_url', fixed.gitUrl, team.gitUrl],
    ['git_revision', fixed.gitRevision, team.gitRevision],
    ['intercept_backend', fixed.interceptBackend, team.interceptBackend],
    ['image_registry', fixed.imageRegistry, team.imageRegistry],
  ] as const;
  const foreign = pairs.find(([, asked, allowed]) => asked !== undefined && asked !== allowed);
  if (foreign === undefined) return undefined;
  return { reason: 'not-allowed', message: `${foreign[0]} is fixed by the file of team ${team.name}` };
}

function refuseUnknownApp(
  { stack, stackFile }: ResolvedRunTarget,
  wish: RunWish,
): RunWishFailure | undefined {
  const names = new Set(stack.apps.map(({ name }) => name));
  const asked = [...wish.apps, ...Object.keys(wish.appRevisions), ...Object.keys(wish.versionOverrides)];
  const unknown = asked.find((name) => !names.has(name));
  if (unknown === undefined) return undefined;
  return { reason: 'unknown-app', message: `${stackFile} has no app ${JSON.stringify(unknown)}` };
}

function toRequest(target: ResolvedRunTarget, wish: RunWish, attempt: number): RunRequest {
  const { team, stack, stackFile } = target;
  const { appRevisions, versionOverrides, forceRebuild, mode } = wish;
  const base = {
    team,
    stack: stack.name,
    stackFile,
    attempt: 1,
    appRevisions,
    versionOverrides,
    forceRebuild,
  };
  const subject = { team: team.name, stack: stack.name, attempt };
  const apps = [...new Set(wish.changedApps)].sort();
  const [firstApp] = apps;
  if (mode === 'bootstrap' || firstApp === undefined) {
    const name = runNameOf({ ...subject, mode: 'bootstrap', sha: team.gitRevision });
    return { ...base, mode: 'bootstrap', name, apps: wish.apps };
  }
  const change = describeChange(target, firstApp, wish);
  const { sha, repository, pullRequest } = change;
  const pull = pullRequest === undefined ? {} : { pullRequest };
  const name = runNameOf({ ...subject, ...pull, mode, app: apps.join(','), repository, sha });
  return { ...base, ...change, mode, name, apps, trusted: true, dependsOn: [] };
}

function describeChange({ team, stack }: ResolvedRunTarget, app: string, wish: RunWish) {
  const parsed = parseGitRepository(stack.apps.find(({ name }) => name === app)?.repo ?? '');
  const repository = parsed.ok ? parsed.value.fullName : '';
  const host = (parsed.ok ? parsed.value.host : undefined) ?? team.host;
  const { pullRequest } = wish;
  const session =
    pullRequest === undefined
      ? undefined
      : sessionOf({ host, repository, pullRequest, team: team.name, stack: stack.name });
  return { host, repository, pullRequest, sha: wish.appRevisions[app] ?? '', session };
}
