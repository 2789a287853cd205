/** resolveDependencies: the pull requests that a change needs (`Depends-On:`), as the forge shows them now. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { Store } from '@tekton-dag/store';
import type { Change, Dependency } from '../forge/change.ts';
import type { PullRequest } from '../forge/forge-client.ts';
import type { Forges } from '../forge/forges.ts';
import { isLastingRefusal } from '../forge/is-lasting-refusal.ts';

export interface DependencyContext {
  readonly forges: Forges;
  readonly store: Pick<Store, 'pullRequests'>;
}

/** An open pull request whose head is to be built too. */
export interface NeededChange {
  readonly change: Change;
  /** False for a fork's code that a maintainer has let in. */
  readonly trusted: boolean;
}

/** A needs B needs C: so far and no further. */
const MAX_DEPTH = 10;
const MAX_DEPENDENCIES = 20;

/**
 * What is needed of what is needed counts too; circles are fine, and what is merged needs nothing more. The error tells
 * people what is not as it must be. Rejects with the forge's error when it cannot be asked now.
 */
export async function resolveDependencies(
  context: DependencyContext,
  change: Change,
  patientUntilMs: number,
): Promise<Result<readonly NeededChange[], string>> {
  const needed: NeededChange[] = [];
  const seen = new Set([keyOf(change)]);
  let wanted = change.dependsOn;
  for (let depth = 0; wanted.length > 0; depth += 1) {
    if (depth === MAX_DEPTH) return err(`pull requests depend on each other more than ${MAX_DEPTH} deep`);
    const fresh = wanted.filter((dependency) => !seen.has(keyOf(dependency)));
    for (const dependency of fresh) seen.add(keyOf(dependency));
    if (seen.size > MAX_DEPENDENCIES) return err(`more than ${MAX_DEPENDENCIES} pull requests are needed`);
    const found: NeededChange[] = [];
    for (const dependency of fresh) {
      const one = await resolveUnlessRefused(context, change.host, dependency, patientUntilMs);
      if (!one.ok) return one;
      if (one.value !== undefined) found.push(one.value);
    }
    needed.push(...found);
    wanted = found.flatMap((one) => one.change.dependsOn);
  }
  return ok(needed);
}

async function resolveUnlessRefused(
  context: DependencyContext,
  host: string,
  dependency: Dependency,
  patientUntilMs: number,
): Promise<Result<NeededChange | undefined, string>> {
  try {
    return await resolveOne(context, host, dependency);
  } catch (error) {
    if (!isLastingRefusal(error, patientUntilMs)) throw error;
    const { repository, pullRequest } = dependency;
    return err(`${repository}#${pullRequest} cannot be looked up: ${error.message}`);
  }
}

/** Undefined for one that is merged: it is part of the base branch. */
async function resolveOne(
  { forges, store }: DependencyContext,
  host: string,
  dependency: Dependency,
): Promise<Result<NeededChange | undefined, string>> {
  const { repository, pullRequest } = dependency;
  const name = `${repository}#${pullRequest}`;
  if (dependency.host !== host) return err(`${name} is on another forge: ${dependency.host}`);
  const client = forges.clientFor(host);
  if (client === undefined) return err(`${name} cannot be looked up: no credentials for ${host}`);
  const pull = await client.getPullRequest(repository, pullRequest);
  if (pull === undefined) return err(`${name} is not there, or may not be seen`);
  if (pull.merged) return ok(undefined);
  if (pull.state === 'closed') return err(`${name} was closed without a merge`);
  const { change } = pull;
  if (!change.fromFork) return ok({ change, trusted: true });
  return (await isApproved(store, pull))
    ? ok({ change, trusted: false })
    : err(`${name} comes from a fork, and its latest commit was not allowed`);
}

async function isApproved({ pullRequests }: Pick<Store, 'pullRequests'>, { change }: PullRequest) {
  const { host, repository, pullRequest, headSha } = change;
  const row = await pullRequests.get({ host, repository, number: pullRequest });
  return row?.approval?.sha === headSha;
}

function keyOf({ host, repository, pullRequest }: Dependency): string {
  return `${host}/${repository}#${pullRequest}`.toLowerCase();
}
