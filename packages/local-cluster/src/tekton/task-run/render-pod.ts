/** The Pod that stands for a TaskRun, so that `kubectl get pods` and `kubectl logs` show its steps. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import { childName } from '../pipeline-run/child-name.ts';
import type { TaskRun } from '../specs/read-run.ts';
import { TEKTON_LABEL } from '../specs/tekton-labels.ts';
import { podStatus, type TrackedContainer } from './task-progress.ts';

/** `<taskrun>-pod`; a retry has a pod of its own. */
export function podNameOf(run: TaskRun): string {
  const retries = run.status.retriesStatus?.length ?? 0;
  return childName(run.name, retries === 0 ? '-pod' : `-pod-retry${retries}`);
}

export interface PodContainer extends TrackedContainer {
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
}

/** Owned by the TaskRun, which tells the workloads' kubelet to leave it alone. */
export function renderPod(
  run: TaskRun,
  labels: Readonly<Record<string, string>>,
  containers: readonly PodContainer[],
  startTime: string,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podNameOf(run),
      namespace: run.namespace,
      labels: {
        ...labels,
        ...run.labels,
        [TEKTON_LABEL.managedBy]: 'tekton-pipelines',
        [TEKTON_LABEL.taskRun]: run.name,
        [TEKTON_LABEL.taskRunUid]: run.uid,
      },
      annotations: { ...run.annotations },
      ownerReferences: [
        {
          apiVersion: 'tekton.dev/v1',
          kind: 'TaskRun',
          name: run.name,
          uid: run.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      restartPolicy: 'Never',
      nodeName: 'local',
      serviceAccountName: run.spec.serviceAccountName ?? 'default',
      containers: containers.map(({ container, image, command, args }) => ({
        name: container,
        image,
        ...(command !== undefined && { command }),
        ...(args !== undefined && { args }),
      })),
    },
    status: podStatus(containers, startTime),
  };
}
