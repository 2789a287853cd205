/** checkGateway: whether the cluster knows HTTPRoutes, which intercepts are made of. */

import type { KubeClient } from '@tekton-dag/kube';
import { attempt } from './attempt.ts';
import type { Check } from './check.ts';
import { listServedKinds } from './list-served-kinds.ts';

const AIM = {
  name: 'gateway-api',
  hint: 'install the Gateway API custom resources 1.0 or newer (https://gateway-api.sigs.k8s.io/guides/#installing-gateway-api); no controller is needed',
} as const;

export function checkGateway(client: KubeClient): Promise<Check> {
  return attempt(AIM, async () => {
    const served = await listServedKinds(client, 'gateway.networking.k8s.io/v1');
    return served.includes('httproutes')
      ? { name: AIM.name, state: 'ok', detail: 'HTTPRoute gateway.networking.k8s.io/v1 is served' }
      : { ...AIM, state: 'missing', detail: 'HTTPRoute gateway.networking.k8s.io/v1 is not served' };
  });
}
