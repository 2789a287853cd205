/** The review APIs: who am I, may I, whose token is this. Authorization is not enforced, so every answer is yes. */

import { ok } from '@tekton-dag/model';
import { isRecord } from '../../objects/is-record.ts';
import type { ApiContext } from '../http/api-context.ts';
import { badRequest } from '../http/api-refusal.ts';
import type { RawRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';
import { decodeBody } from '../http/parse-object.ts';

type Review = (
  spec: Record<string, unknown>,
  request: RawRequest,
  context: ApiContext,
) => Record<string, unknown>;

const allowed: Review = () => ({ allowed: true, reason: 'the local cluster does not enforce authorization' });

const whoAmI: Review = (_spec, { identity }) => ({ userInfo: { ...identity } });

const everything: Review = () => ({
  incomplete: false,
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
});

const whoseToken: Review = (spec, _request, { authenticator }) => {
  const identity = typeof spec.token === 'string' ? authenticator.identify(spec.token) : undefined;
  return identity === undefined
    ? { authenticated: false, error: 'the token is not of this cluster' }
    : { authenticated: true, user: { ...identity } };
};

/** The kinds by their paths' last segment; discovery lists them too. */
export const REVIEWS: ReadonlyMap<
  string,
  { readonly group: string; readonly kind: string; readonly review: Review }
> = new Map([
  ['selfsubjectreviews', { group: 'authentication.k8s.io', kind: 'SelfSubjectReview', review: whoAmI }],
  ['tokenreviews', { group: 'authentication.k8s.io', kind: 'TokenReview', review: whoseToken }],
  [
    'selfsubjectaccessreviews',
    { group: 'authorization.k8s.io', kind: 'SelfSubjectAccessReview', review: allowed },
  ],
  ['subjectaccessreviews', { group: 'authorization.k8s.io', kind: 'SubjectAccessReview', review: allowed }],
  [
    'localsubjectaccessreviews',
    { group: 'authorization.k8s.io', kind: 'LocalSubjectAccessReview', review: allowed },
  ],
  [
    'selfsubjectrulesreviews',
    { group: 'authorization.k8s.io', kind: 'SelfSubjectRulesReview', review: everything },
  ],
]);

/** Answers a POST of a review; undefined when the path names none. */
export const reviewAccess = (
  context: ApiContext,
  request: RawRequest,
  { group, resource }: { readonly group: string; readonly resource: string },
): ApiOutcome | undefined => {
  const found = REVIEWS.get(resource);
  if (found === undefined || found.group !== group || request.method !== 'POST') return undefined;
  const decoded = decodeBody(request.body, request.contentType);
  if (!decoded.ok) return badRequest(decoded.error);
  const sent = isRecord(decoded.value) ? decoded.value : {};
  const spec = isRecord(sent.spec) ? sent.spec : {};
  const status = found.review(spec, request, context);
  return ok({
    type: 'json',
    code: 201,
    body: { ...sent, kind: found.kind, apiVersion: `${group}/v1`, metadata: {}, status },
  });
};
