/** createTokenReviewer: tokens that the Kubernetes API server vouches for (authentication.k8s.io/v1, TokenReview). */

import type { KubeClient, KubeObject, ResourceDefinition } from '@tekton-dag/kube';
import { createHash } from 'node:crypto';
import { ProblemError } from '../http/problem.ts';
import type { TokenVerifier } from './authenticator.ts';
import { createExpiringCache } from './expiring-cache.ts';
import type { Identity } from './identity.ts';

interface TokenReview extends KubeObject {
  readonly spec: { readonly token: string; readonly audiences?: readonly string[] };
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: { readonly username?: string; readonly groups?: readonly string[] };
  };
}

const definition: ResourceDefinition<TokenReview> = {
  group: 'authentication.k8s.io',
  version: 'v1',
  plural: 'tokenreviews',
  kind: 'TokenReview',
  namespaced: false,
};

/** A token that is taken back counts for at most this long. */
const ACCEPTED_MS = 60_000;
const REFUSED_MS = 10_000;
const MAX_KNOWN = 1_000;
/** Bad tokens must not become a flood of requests to the API server. */
const MAX_IN_FLIGHT = 16;

/** No `audiences` means those of the API server. Throws what the API says when it refuses the review itself. */
export function createTokenReviewer(client: KubeClient, audiences: readonly string[]): TokenVerifier {
  const known = createExpiringCache<Identity | 'foreign'>(MAX_KNOWN);
  let inFlight = 0;
  return async (token) => {
    const key = createHash('sha256').update(token).digest('base64');
    const found = known.get(key);
    if (found !== undefined) return found;
    if (inFlight >= MAX_IN_FLIGHT) throw busy();
    inFlight += 1;
    try {
      const identity = await review(client, token, audiences);
      known.set(key, identity, identity === 'foreign' ? REFUSED_MS : ACCEPTED_MS);
      return identity;
    } finally {
      inFlight -= 1;
    }
  };
}

async function review(
  client: KubeClient,
  token: string,
  audiences: readonly string[],
): Promise<Identity | 'foreign'> {
  const spec = { token, ...(audiences.length === 0 ? {} : { audiences }) };
  const { status } = await client.resource(definition).create({ metadata: {}, spec });
  const { username = '', groups = [] } = status?.user ?? {};
  if (status?.authenticated !== true || username === '') return 'foreign';
  return { source: 'kubernetes', user: username, groups };
}

function busy(): ProblemError {
  return new ProblemError({
    status: 503,
    code: 'identity-unavailable',
    title: 'Too many tokens are being checked',
  });
}
