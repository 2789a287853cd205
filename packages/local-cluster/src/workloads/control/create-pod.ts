/** Makes a pod out of a template on behalf of the object that owns it. */

import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { PodTemplate } from '../specs/pod-schema.ts';
import { PODS } from '../specs/workload-objects.ts';
import { recordEvent } from './record-event.ts';

/** Throws when the store refuses; the owner gets an event either way. */
export function createPod(
  context: ClusterContext,
  owner: KubeObject,
  template: PodTemplate,
  extra: { readonly generateName: string; readonly annotations?: Readonly<Record<string, string>> },
): void {
  const component = `${owner.kind.toLowerCase()}-controller`;
  const created = context.store.create(PODS, renderPod(owner, template, extra));
  if (!created.ok) {
    const message = `Error creating: ${created.error.message}`;
    recordEvent(context, owner, { type: 'Warning', reason: 'FailedCreate', message, component });
    throw new Error(message);
  }
  const message = `Created pod: ${created.value.metadata.name}`;
  recordEvent(context, owner, { type: 'Normal', reason: 'SuccessfulCreate', message, component });
}

function renderPod(
  owner: KubeObject,
  template: PodTemplate,
  { generateName, annotations }: { generateName: string; annotations?: Readonly<Record<string, string>> },
): KubeObject {
  const { name = '', namespace = '', uid = '' } = owner.metadata;
  const notes = { ...template.metadata?.annotations, ...annotations };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName,
      namespace,
      labels: { ...template.metadata?.labels },
      ...(Object.keys(notes).length > 0 && { annotations: notes }),
      ownerReferences: [
        {
          apiVersion: owner.apiVersion,
          kind: owner.kind,
          name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: template.spec,
  };
}
