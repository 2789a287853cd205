/** For tests and benches: signed payloads made from real ones, and forges on loopback. */

export { collectionTraces } from './collection-traces.ts';
export {
  pullRequestPayload,
  signDelivery,
  type PullRequestFields,
  type SignedDelivery,
} from './github-delivery.ts';
export {
  ForgeWorld,
  type WorldCheck,
  type WorldComment,
  type WorldHookDelivery,
  type WorldPullRequest,
} from './fake-forge/forge-world.ts';
export { startFakeGitea } from './fake-forge/start-fake-gitea.ts';
export { startFakeGitHub, type FakeForge, type FakeForgeOptions } from './fake-forge/start-fake-github.ts';
export { type FakeApp } from './fake-forge/app-routes.ts';
export { APP_HOOK_ID } from './fake-forge/hook-routes.ts';
export { createFakeApp } from './fake-forge/create-fake-app.ts';
export { startTraceCollector, type CollectedSpan, type TraceCollector } from './start-trace-collector.ts';
export { onGitea, signGiteaDelivery } from './gitea-delivery.ts';
export {
  commentPayload,
  mergeGroupPayload,
  pushPayload,
  type CommentFields,
  type MergeGroupFields,
  type PushFields,
} from './other-payloads.ts';
