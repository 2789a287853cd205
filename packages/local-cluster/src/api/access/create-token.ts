/** POST of serviceaccounts/<name>/token: a token for a service account (TokenRequest). */

import { ok } from '@tekton-dag/model';
import { notFound } from '../../objects/store-refusals.ts';
import { kubernetesTime } from '../../objects/revise-object.ts';
import type { ApiContext } from '../http/api-context.ts';
import { objectKeyOf, type ResourceRequest } from '../http/api-request.ts';
import type { ApiOutcome } from '../http/api-response.ts';

/** What TokenRequest promises; the tokens of the local cluster last as long as its state directory. */
const ONE_HOUR_MS = 3_600_000;

/** Answers with the account's token; NotFound without the account. */
export const createToken = (context: ApiContext, request: ResourceRequest): ApiOutcome => {
  const key = objectKeyOf(request);
  if (context.store.get(key) === undefined) return notFound(key, key.name);
  const token = context.authenticator.serviceAccountToken(key.namespace, key.name);
  const expirationTimestamp = kubernetesTime(new Date(context.now().getTime() + ONE_HOUR_MS));
  return ok({
    type: 'json',
    code: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name: key.name, namespace: key.namespace },
      spec: { audiences: ['https://kubernetes.default.svc'], expirationSeconds: ONE_HOUR_MS / 1000 },
      status: { token, expirationTimestamp },
    },
  });
};
