/**
 * The domain, pure: no I/O and no node: imports. Start reading at `stack/stack.ts` (what a user writes), then
 * `plan/plan-run.ts` (what a run will do), `run/run-record.ts` (what a run did) and `tekton/` (the objects of runs).
 */

export {
  catalogParamsOf,
  COMMIT_PATTERN,
  gitRefOf,
  parsePinnedCatalog,
  PINNED_PIPELINES,
  pinnedCatalogOf,
  pipelineNameOf,
  type CatalogWish,
  type PinnedCatalog,
} from './catalog/pinned-catalog.ts';
export { pinPipeline } from './catalog/pin-pipeline.ts';
export {
  catalogOf,
  describeProvenance,
  parseRunProvenance,
  PLATFORM_REVISION_RESULT,
  provenanceOf,
  runProvenanceSchema,
  type RunProvenance,
} from './catalog/run-provenance.ts';
export type { Diagnostic } from './diagnostic.ts';
export { closestName } from './file/closest-name.ts';
export { locateValue } from './file/locate-value.ts';
export { printable } from './file/printable.ts';
export { readYaml, type Path, type Place } from './file/yaml-source.ts';
export { formatOf, formatOfPattern, hasFormat, listFormats, text, type FormatName } from './file/formats.ts';
export { jsonSchemas } from './file/json-schemas.ts';
export { parseFile } from './file/parse-file.ts';
export { toRe2, type Re2Pattern } from './file/to-re2.ts';
export { renderDiagnostics, type RenderOptions } from './file/render-diagnostics.ts';
export {
  gitUrlOf,
  parseGitRepository,
  type GitRepository,
  type GitRepositoryFailure,
} from './git/git-repository.ts';
export * from './graph/index.ts';
export type { ImageMatrix, MatrixImage, MatrixVariant } from './images/image-matrix-schema.ts';
export { parseImageMatrix } from './images/parse-image-matrix.ts';
export { ANNOTATION, CATALOG_ANNOTATIONS, LABEL, MANAGED_BY, repositoryLabelOf } from './labels.ts';
export { BUILDER_VERSION, contentKeyOf, contentTagOf, type ImageContent } from './plan/content-key.ts';
export { COMPILE_IMAGES, variantTagOf, type CompileImage } from './plan/compile-images.ts';
export { compileImageOf, imageRepositoryOf, imagesBeside } from './plan/image-names.ts';
export { parsePlan } from './plan/parse-plan.ts';
export type {
  InvalidField,
  MissingField,
  MissingRevision,
  PlanFailure,
  UnknownApp,
  UnknownVariant,
} from './plan/plan-failure.ts';
export { UNKNOWN_REVISION, type PlanRequest } from './plan/plan-request.ts';
export { planRun } from './plan/plan-run.ts';
export {
  IMAGE_BUILDERS,
  PLAN_MODES,
  RUN_MODES,
  type AppRevision,
  type Edge,
  type ImageBuilder,
  type Plan,
  type PlanMode,
  type PlannedBuild,
  type PlannedTest,
  type RunMode,
} from './plan/plan.ts';
export { parseRegistry } from './registry/parse-registry.ts';
export type { Registry, RegistryEntry } from './registry/registry.ts';
export { present } from './present.ts';
export { err, ok, type Err, type Ok, type Result } from './result.ts';
export type { RecordFailure } from './run/parse-json.ts';
export { restartPartOf, type FailedRun } from './run/restart-part.ts';
export { RESTART_PARTS, type RestartPart } from './run/restart-parts.ts';
export {
  continuedRunNameOf,
  repeatedRunNameOf,
  runNameOf,
  type ContinuedRun,
  type RepeatedRun,
  type RunSubject,
} from './run/run-name.ts';
export {
  baselineSchema,
  continuedSchema,
  imagesSchema,
  interceptsSchema,
  junitKeyOf,
  originalTrafficSchema,
  waitingSchema,
  parseBaseline,
  parseContinued,
  parseImages,
  parseIntercepts,
  parseWaiting,
  parseOriginalTraffic,
  parsePropagation,
  parseRelease,
  parseTests,
  propagationSchema,
  releaseSchema,
  RUN_RECORD_KEYS,
  testsSchema,
  type Baseline,
  type Continued,
  type Images,
  type Intercepts,
  type OriginalTrafficVerdict,
  type PropagationVerdict,
  type Release,
  type TestsVerdict,
  type Verdict,
  type Waiting,
} from './run/run-record.ts';
export { sessionOf, type SessionSubject } from './run/session.ts';
export { parseStack } from './stack/parse-stack.ts';
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
export { matchPaths } from './stack/match-paths.ts';
export { bindWorkspaces, type BoundByTeam } from './team/bind-workspaces.ts';
export { buildParamsOf } from './team/build-params.ts';
export { testParamsOf } from './team/test-params.ts';
export { packageProxiesSchema, type PackageProxies } from './team/package-proxies.ts';
export { parseTeam } from './team/parse-team.ts';
export { teamFileSchema } from './team/team-file-schema.ts';
export { registryMirrorsSchema, type RegistryMirrors } from './team/registry-mirrors.ts';
export {
  isReservedNamespace,
  RESERVED_NAMESPACES,
  TEAM_RULES,
  wordsOfRule,
  type TeamRule,
  type TeamRuleName,
} from './team/team-rules.ts';
export {
  ACCESS_ROLES,
  INTERCEPT_BACKENDS,
  type AccessRole,
  type Hooks,
  type InterceptBackend,
  type InterceptImages,
  type Team,
  type TeamAccess,
} from './team/team.ts';
export * from './tekton/index.ts';
export { formatTraceparent, parseTraceparent, spanContextOf, type TraceParent } from './trace/traceparent.ts';
export { bumpVersions, type BumpedVersions } from './versions/bump-versions.ts';
export { nextCandidate, releaseVersion } from './versions/next-version.ts';
export { parseVersions } from './versions/parse-versions.ts';
export { FIRST_VERSION, type AppVersion, type Versions } from './versions/versions.ts';
export { versionsOf } from './versions/versions-of.ts';
