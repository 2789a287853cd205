/** For tests and benches: signed GitHub payloads, made from real ones. */

export { collectionTraces } from './collection-traces.ts';
export {
  pullRequestPayload,
  signDelivery,
  type PullRequestFields,
  type SignedDelivery,
} from './github-delivery.ts';
