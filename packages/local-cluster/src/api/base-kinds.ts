/** The kinds that the API itself owns. */

import type { ResourceDefinition } from '../contracts/resource-definition.ts';
import { crdKind } from './custom-resources/crd-kind.ts';
import { autoscalerKind } from './kinds/autoscaler-kind.ts';
import { coreKinds } from './kinds/core-kinds.ts';
import { eventKind } from './kinds/event-kind.ts';
import { gatewayKinds } from './kinds/gateway-kinds.ts';
import { ingressKinds } from './kinds/ingress-kinds.ts';
import { storedKinds } from './kinds/stored-kinds.ts';

/** All of them; workloads and Tekton bring their own. */
export const baseKinds: readonly ResourceDefinition[] = [
  ...coreKinds,
  eventKind,
  ...storedKinds,
  ...ingressKinds,
  autoscalerKind,
  ...gatewayKinds,
  crdKind,
];
