/** For tests and benches: signed GitHub payloads, made from real ones. */

export {
  pullRequestPayload,
  signDelivery,
  type PullRequestFields,
  type SignedDelivery,
} from './github-delivery.ts';
