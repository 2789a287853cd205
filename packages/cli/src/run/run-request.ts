/** createRunRequest: what the user asked for, as a PipelineRun. Pure. */

import {
  ANNOTATION,
  bindWorkspaces,
  buildParamsOf,
  LABEL,
  renderPipelineRun,
  repositoryLabelOf,
  runNameOf,
  sessionOf,
  testParamsOf,
  type PinnedCatalog,
  type PipelineRun,
  type RunMode,
  type Stack,
  type Team,
  type WorkspaceBinding,
} from '@tekton-dag/model';
import { dropAbsent } from '../drop-absent.ts';

export interface RunRequest {
  readonly mode: Exclude<RunMode, 'continue'>;
  readonly stack: Stack;
  /** Path of the stack file in the platform repository. */
  readonly stackFile: string;
  readonly team: Team | undefined;
  readonly namespace: string;
  readonly app?: string | undefined;
  readonly repository?: string | undefined;
  readonly pullRequest?: number | undefined;
  /** Of the change; for a bootstrap the platform's revision. */
  readonly sha: string;
  readonly attempt: number;
  /** Secret with `id_ed25519` or `id_rsa`, and `known_hosts`. */
  readonly sshSecret?: string | undefined;
  /** Secret with Docker's config.json. */
  readonly registrySecret?: string | undefined;
  /** Claim that keeps the downloads of the build tools. */
  readonly buildCache?: string | undefined;
  /** Params that win over everything else. */
  readonly params: Readonly<Record<string, string>>;
  /** Absent means the installed one. */
  readonly catalog?: PinnedCatalog | undefined;
}

/** The name follows from the request, so asking twice makes one run. */
export function createRunRequest(request: RunRequest): PipelineRun {
  const { mode, namespace, catalog } = request;
  const workspaces = workspacesOf(request);
  return renderPipelineRun({
    name: nameOf(request),
    namespace,
    mode,
    params: paramsOf(request),
    labels: labelsOf(request),
    annotations: annotationsOf(request),
    pending: false,
    ...dropAbsent({ catalog }),
    ...(workspaces.length === 0 ? {} : { workspaces }),
  });
}

/** What the caller names wins over the team's. */
function workspacesOf({ team, sshSecret, registrySecret, buildCache }: RunRequest): WorkspaceBinding[] {
  return bindWorkspaces(
    dropAbsent({
      sshSecret: sshSecret ?? team?.sshSecret,
      registrySecret: registrySecret ?? team?.registrySecret,
      buildCacheClaim: buildCache ?? team?.buildCacheClaim,
    }),
  );
}

function nameOf(request: RunRequest): string {
  const { mode, stack, sha, attempt, app, repository, pullRequest } = request;
  return runNameOf({
    mode,
    team: teamNameOf(request),
    stack: stack.name,
    sha,
    attempt,
    ...(app === undefined ? {} : { app }),
    ...(repository === undefined ? {} : { repository }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
  });
}

function teamNameOf({ team }: Pick<RunRequest, 'team'>): string {
  return team?.name ?? 'default';
}

/** Only what the pipeline of the mode declares; empty values stay out, so its defaults count. */
function paramsOf(request: RunRequest): Record<string, string> {
  const { mode, app, sha } = request;
  const change = {
    'changed-app': app,
    'pr-number': request.pullRequest?.toString(),
    'pr-repository': request.repository,
    'forge-host': request.team?.host,
  };
  const revisions = { 'app-revisions': app === undefined ? undefined : JSON.stringify({ [app]: sha }) };
  return defined({
    'stack-file': request.stackFile,
    ...teamParams(request),
    ...(mode === 'bootstrap' ? {} : change),
    ...(mode === 'pr' || mode === 'merge' ? revisions : {}),
    ...request.params,
  });
}

function teamParams({ team, mode }: RunRequest): Record<string, string | undefined> {
  if (team === undefined) return {};
  const platform = { team: team.name, 'git-url': team.gitUrl, 'git-revision': team.gitRevision };
  const versions = { 'versions-file': team.versionsFile };
  if (mode === 'verify') return { ...platform, ...versions, 'image-registry': team.imageRegistry };
  return {
    ...platform,
    ...versions,
    'git-base-url': team.gitBaseUrl,
    'image-registry': team.imageRegistry,
    ...buildParamsOf(team),
    ...(mode === 'pr' ? testParamsOf(team) : {}),
  };
}

function labelsOf(request: RunRequest): Record<string, string> {
  const { app, repository, pullRequest } = request;
  return defined({
    [LABEL.team]: teamNameOf(request),
    [LABEL.stack]: request.stack.name,
    [LABEL.app]: app,
    [LABEL.session]: sessionLabelOf(request),
    [LABEL.pullRequest]: pullRequest?.toString(),
    [LABEL.repository]: repository === undefined ? undefined : repositoryLabelOf(repository),
  });
}

function sessionLabelOf({ mode, repository, pullRequest, stack, team }: RunRequest): string | undefined {
  if (mode !== 'pr' || repository === undefined || pullRequest === undefined) return undefined;
  const host = team?.host ?? 'github.com';
  return sessionOf({ host, repository, pullRequest, team: teamNameOf({ team }), stack: stack.name });
}

function annotationsOf({ sha, repository }: RunRequest): Record<string, string> {
  return defined({ [ANNOTATION.sha]: sha, [ANNOTATION.repository]: repository });
}

/** Without the fields that are undefined. */
function defined(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
