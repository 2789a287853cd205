/** planRun: what a run will do, as a pure function of stack, versions and change. */

import { entryApps, propagationChain, requiredEdges, topologicalOrder } from '../graph/index.ts';
import { present } from '../present.ts';
import { err, ok, type Result } from '../result.ts';
import { sessionOf } from '../run/session.ts';
import type { App } from '../stack/stack.ts';
import { versionsOf } from '../versions/versions-of.ts';
import { contentKeyOf, contentTagOf } from './content-key.ts';
import { compileImageOf, imageRepositoryOf } from './image-names.ts';
import type { PlanFailure } from './plan-failure.ts';
import type { PlanRequest } from './plan-request.ts';
import type { AppRevision, Plan, PlannedBuild, PlannedTest } from './plan.ts';
import { unknownVariants } from './unknown-variants.ts';
import { isInterceptBackend, validatePlanRequest } from './validate-plan-request.ts';

/** The same request gives the same plan, to the byte. All reasons for having none at once. */
export function planRun(request: PlanRequest): Result<Plan, PlanFailure[]> {
  const { interceptBackend } = request;
  const failures = validatePlanRequest(request);
  if (failures.length > 0 || !isInterceptBackend(interceptBackend)) return err(failures);
  const order = topologicalOrder(request.stack);
  const entries = entryApps(request.stack);
  const changedApps = changedAppsOf(request, order);
  const revisions = new Map(Object.entries(request.revisions));
  const apps = appsToBuild(request, order);
  const tested = request.mode === 'pr' ? appsToTest(request, order, entries) : [];
  const unknown = [...withoutRevision([...apps, ...tested], revisions), ...unknownVariants(apps, request)];
  if (unknown.length > 0) return err(unknown);
  const edges = request.mode === 'pr' ? requiredEdges(request.stack, changedApps) : [];
  return ok({
    ...subjectOf(request),
    order,
    entries,
    chain: propagationChain(request.stack),
    changedApps,
    buildApps: withRevision(apps, revisions, (app, revision) => planBuild(app, revision, request)),
    requiredEdges: edges,
    requiredForwarders: [...new Set(edges.map((edge) => edge.caller))],
    versions: versionsOf(request.stack, request.versions, request.overrides),
    namespaces: namespacesOf(request),
    interceptBackend,
    maxParallelBuilds: request.maxParallelBuilds,
    forceRebuild: request.forceRebuild,
    tests: withRevision(tested, revisions, (app, revision) =>
      planTest(app, revision, entries.includes(app.name)),
    ),
  });
}

function subjectOf(request: PlanRequest) {
  const { mode, team, stack, pullRequest, repository } = request;
  return {
    mode,
    team,
    stack: stack.name,
    stackSpec: stack,
    ...present({ session: plannedSession(request), pullRequest, repository }),
    ...stack.propagation,
  };
}

function plannedSession({ mode, team, stack, pullRequest, repository, host }: PlanRequest) {
  if (mode !== 'pr' || pullRequest === undefined || repository === undefined) return undefined;
  return sessionOf({ host: host ?? 'github.com', repository, pullRequest, team, stack: stack.name });
}

/** In topological order, each once; a pull request or merge that names no app changes all. */
function changedAppsOf({ mode, changedApps }: PlanRequest, order: readonly string[]): string[] {
  if (mode === 'bootstrap') return [];
  return pick(order, changedApps);
}

function appsToBuild(request: PlanRequest, order: readonly string[]): App[] {
  const wanted = request.mode === 'bootstrap' ? (request.apps ?? []) : request.changedApps;
  return appsNamed(request, pick(order, wanted));
}

/** The entries' tests first, then every other app's, each in topological order. */
function appsToTest(request: PlanRequest, order: readonly string[], entries: readonly string[]): App[] {
  const first = new Set(entries);
  const names = [...order.filter((name) => first.has(name)), ...order.filter((name) => !first.has(name))];
  return appsNamed(request, names).filter(hasTests);
}

function hasTests({ tests: { postman, playwright, artillery, command } }: App): boolean {
  return [postman, playwright, artillery, command].some((test) => test !== undefined);
}

/** Those of `order` that are wanted; all when none is. */
function pick(order: readonly string[], wanted: readonly string[]): string[] {
  const set = new Set(wanted);
  return order.filter((name) => set.size === 0 || set.has(name));
}

function appsNamed({ stack }: PlanRequest, names: readonly string[]): App[] {
  const apps = new Map(stack.apps.map((app) => [app.name, app]));
  return names.flatMap((name) => apps.get(name) ?? []);
}

function withoutRevision(apps: readonly App[], revisions: ReadonlyMap<string, AppRevision>): PlanFailure[] {
  const names = new Set(apps.map((app) => app.name).filter((name) => !revisions.has(name)));
  return Array.from(names, (app) => ({
    reason: 'missing-revision',
    app,
    message: `app-revisions: no commit is known for ${app}`,
  }));
}

function withRevision<T>(
  apps: readonly App[],
  revisions: ReadonlyMap<string, AppRevision>,
  make: (app: App, revision: AppRevision) => T,
): T[] {
  return apps.flatMap((app) => {
    const revision = revisions.get(app.name);
    return revision === undefined ? [] : [make(app, revision)];
  });
}

function planBuild(
  app: App,
  { sha, tree, builder = 'append' }: AppRevision,
  request: PlanRequest,
): PlannedBuild {
  const { build, dockerfile, contextDir } = app;
  const compileImage = compileImageOf(build, {
    overrides: request.compileImages,
    registry: request.compileRegistry,
  });
  const contentKey = contentKeyOf({ tree, build, dockerfile, ...present({ compileImage }) });
  return {
    app: app.name,
    repository: app.repo,
    revision: sha,
    tree,
    contentKey,
    image: imageRepositoryOf(request.registry, app.name),
    tags: [contentTagOf(contentKey), ...(request.runName === undefined ? [] : [request.runName])],
    tool: build.tool,
    ...present({ compileImage }),
    contextDir,
    dockerfile,
    builder,
    build,
  };
}

function planTest(app: App, { sha }: AppRevision, entry: boolean): PlannedTest {
  const { name, repo, contextDir, tests } = app;
  return { app: name, repository: repo, revision: sha, contextDir, entry, tests };
}

function namespacesOf({ stack, defaultNamespace }: PlanRequest): Record<string, string> {
  return Object.fromEntries(stack.apps.map(({ name, namespace }) => [name, namespace ?? defaultNamespace]));
}
