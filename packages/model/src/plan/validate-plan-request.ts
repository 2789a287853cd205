/** validatePlanRequest: every way in which a request cannot become a plan, all at once. */

import { closestName } from '../file/closest-name.ts';
import { formatOf, type FormatName, hasFormat } from '../file/formats.ts';
import { parseGitRepository } from '../git/git-repository.ts';
import { present } from '../present.ts';
import { INTERCEPT_BACKENDS, type InterceptBackend } from '../team/team.ts';
import type { InvalidField, PlanFailure, UnknownApp } from './plan-failure.ts';
import type { PlanRequest } from './plan-request.ts';

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/** Empty when the request is good. */
export function validatePlanRequest(request: PlanRequest): PlanFailure[] {
  return [
    ...unknownApps(request),
    ...invalidVersions(request),
    ...invalidChange(request),
    ...invalidRevisions(request),
    ...invalidSettings(request),
  ];
}

/** True for a backend that we know. */
export function isInterceptBackend(text: string): text is InterceptBackend {
  return INTERCEPT_BACKENDS.some((backend) => backend === text);
}

function unknownApps(request: PlanRequest): UnknownApp[] {
  const names = new Set(request.stack.apps.map((app) => app.name));
  const lookFor = (apps: readonly string[], field: UnknownApp['field']): UnknownApp[] =>
    apps.filter((app) => !names.has(app)).map((app) => unknownApp(app, field, request.stack.name, names));
  return [
    ...lookFor(request.changedApps, 'changed-app'),
    ...lookFor(request.apps ?? [], 'apps'),
    ...lookFor(Object.keys(request.overrides), 'version-overrides'),
  ];
}

function unknownApp(app: string, field: UnknownApp['field'], stack: string, names: Set<string>): UnknownApp {
  const closest = closestName(app, names);
  const message = `${field}: the stack ${stack} has no app ${JSON.stringify(app)}`;
  const hint = closest === undefined ? undefined : `did you mean ${JSON.stringify(closest)}?`;
  return { reason: 'unknown-app', field, app, message, ...present({ hint }) };
}

function invalidVersions({ overrides }: PlanRequest): InvalidField[] {
  return Object.entries(overrides)
    .filter(([, version]) => !hasFormat('semanticVersion', version))
    .map(([app, version]) => badFormat('version-overrides', 'semanticVersion', version, `${app}: `));
}

function invalidChange({ mode, pullRequest, repository, host }: PlanRequest): PlanFailure[] {
  const needed = Object.entries({ 'pr-number': pullRequest, 'pr-repository': repository });
  const failures: PlanFailure[] = needed
    .filter(([, value]) => mode === 'pr' && value === undefined)
    .map(([field]) => missing(field));
  if (pullRequest !== undefined && !(isCount(pullRequest) && pullRequest <= MAX_PULL_REQUEST))
    failures.push(invalid('pr-number', `${pullRequest} is not a pull request`, COUNT_HINT));
  const parsed = repository === undefined ? undefined : parseGitRepository(repository);
  if (parsed?.ok === false) failures.push(invalid('pr-repository', parsed.error.message));
  if (host !== undefined && !hasFormat('host', host)) failures.push(badFormat('host', 'host', host));
  return failures;
}

/** 32 bits, as forges count; a session with a longer number would not fit into the name of a Service. */
const MAX_PULL_REQUEST = 2_147_483_647;
const COUNT_HINT = 'write a whole number from 1';

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function invalidRevisions({ revisions }: PlanRequest): InvalidField[] {
  const hint = 'a commit or tree is named by 40 or 64 hexadecimal digits';
  return Object.entries(revisions).flatMap(([app, { sha, tree }]) =>
    [sha, tree]
      .filter((text) => !SHA.test(text))
      .map((text) => invalid('app-revisions', `${app}: ${JSON.stringify(text)} is no object name`, hint)),
  );
}

function invalidSettings(request: PlanRequest): InvalidField[] {
  const { registry, interceptBackend, maxParallelBuilds, defaultNamespace, team, runName } = request;
  const failures: InvalidField[] = [];
  if (!hasFormat('imageRegistry', registry))
    failures.push(badFormat('image-registry', 'imageRegistry', registry));
  if (!isInterceptBackend(interceptBackend)) failures.push(unknownBackend(interceptBackend));
  if (!isCount(maxParallelBuilds))
    failures.push(
      invalid('max-parallel-builds', `${maxParallelBuilds} is not a number of builds`, COUNT_HINT),
    );
  const labels = { 'default-namespace': defaultNamespace, team, 'run name': runName ?? 'run' };
  for (const [field, value] of Object.entries(labels)) {
    if (!hasFormat('label', value)) failures.push(badFormat(field, 'label', value));
  }
  return failures;
}

function unknownBackend(backend: string): InvalidField {
  const closest = closestName(backend, INTERCEPT_BACKENDS);
  const known = `use one of: ${INTERCEPT_BACKENDS.join(', ')}`;
  const hint = closest === undefined ? known : `did you mean ${JSON.stringify(closest)}?`;
  return invalid('intercept-backend', `unknown backend ${JSON.stringify(backend)}`, hint);
}

function badFormat(field: string, format: FormatName, value: string, prefix = ''): InvalidField {
  const { message, hint } = formatOf(format);
  return invalid(field, `${prefix}${JSON.stringify(value)} ${message}`, hint);
}

function invalid(field: string, message: string, hint?: string): InvalidField {
  return { reason: 'invalid-field', field, message: `${field}: ${message}`, ...present({ hint }) };
}

function missing(field: string): PlanFailure {
  return { reason: 'missing-field', field, message: `${field}: a run of a pull request needs it` };
}
