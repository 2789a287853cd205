/**
 * The domain, pure: no I/O and no node: imports. Start reading at `stack/stack.ts` (what a user writes), then
 * `plan/plan-run.ts` (what a run will do), `run/run-record.ts` (what a run did) and `tekton/` (the objects of runs).
 */

export type { Diagnostic } from './diagnostic.ts';
export {
  gitUrlOf,
  parseGitRepository,
  type GitRepository,
  type GitRepositoryFailure,
} from './git/git-repository.ts';
export { entryApps } from './graph/entry-apps.ts';
export { findCycle } from './graph/find-cycle.ts';
export type { Graph } from './graph/graph.ts';
export { chainHops, propagationChain } from './graph/propagation-chain.ts';
export { requiredEdges, requiredForwarders } from './graph/required-edges.ts';
export { topologicalOrder } from './graph/topological-order.ts';
export { ANNOTATION, LABEL, MANAGED_BY, repositoryLabelOf } from './labels.ts';
export { BUILDER_VERSION, contentKeyOf, contentTagOf, type ImageContent } from './plan/content-key.ts';
export { compileImageOf, imageRepositoryOf } from './plan/image-names.ts';
export {
  RUN_MODES,
  type AppRevision,
  type Edge,
  type Plan,
  type PlannedBuild,
  type PlannedTest,
  type RunMode,
} from './plan/plan.ts';
export type { Registry, RegistryEntry } from './registry/registry.ts';
export { err, ok, type Err, type Ok, type Result } from './result.ts';
export { runNameOf, type RunSubject } from './run/run-name.ts';
export { sessionOf, type SessionSubject } from './run/session.ts';
export {
  BUILD_TOOLS,
  PROPAGATION_ROLES,
  ROLES,
  type App,
  type AppTests,
  type Build,
  type BuildTool,
  type Propagation,
  type PropagationRole,
  type Role,
  type Stack,
} from './stack/stack.ts';
export { INTERCEPT_BACKENDS, type Hooks, type InterceptBackend, type Team } from './team/team.ts';
export * from './tekton/index.ts';
export { FIRST_VERSION, type AppVersion, type Versions } from './versions/versions.ts';
