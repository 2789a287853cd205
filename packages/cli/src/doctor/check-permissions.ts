/** checkPermissions: whether this user may do what the commands do in a namespace. */

import type { KubeClient } from '@tekton-dag/kube';
import { z } from 'zod';
import { attempt } from './attempt.ts';
import type { Check } from './check.ts';

interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

const TEKTON = 'tekton.dev';

/** What run create, list, get, watch, logs and cancel call. */
const RIGHTS: readonly Right[] = [
  ...['get', 'list', 'watch', 'create', 'patch'].map((verb) => ({
    verb,
    group: TEKTON,
    resource: 'pipelineruns',
  })),
  ...['list', 'watch'].map((verb) => ({ verb, group: TEKTON, resource: 'taskruns' })),
  { verb: 'get', group: '', resource: 'configmaps' },
  { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
];

const REVIEWS = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'selfsubjectaccessreviews',
  kind: 'SelfSubjectAccessReview',
  namespaced: false,
} as const;

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) });

/** Asks the API server itself (Kubernetes: SelfSubjectAccessReview), one question a right. */
export function checkPermissions(client: KubeClient, namespace: string): Promise<Check> {
  const name = 'permissions';
  const hint = `ask for a Role in namespace ${namespace} that allows them`;
  return attempt({ name, hint }, async () => {
    const answers = await Promise.all(RIGHTS.map((right) => isAllowed(client, namespace, right)));
    const refused = RIGHTS.filter((_, index) => answers[index] === false).map(nameOf);
    return refused.length === 0
      ? { name, state: 'ok', detail: `you may start, follow and end runs in namespace ${namespace}` }
      : { name, state: 'missing', detail: `you may not ${refused.join(', ')}`, hint };
  });
}

async function isAllowed(client: KubeClient, namespace: string, right: Right): Promise<boolean> {
  const review = await client
    .resource(REVIEWS)
    .create({ metadata: {}, spec: { resourceAttributes: { ...right, namespace } } });
  return reviewSchema.parse(review).status.allowed;
}

function nameOf({ verb, resource, subresource }: Right): string {
  return `${verb} ${subresource === undefined ? resource : `${resource}/${subresource}`}`;
}
