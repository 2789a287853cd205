/** Why the pod of a TaskRun does not start, as the scheduler or a quota says it. */
import { kinds, type KubeClient, type Pod } from '@tekton-dag/kube';
import type { TaskRun } from '@tekton-dag/model';

type Condition = NonNullable<NonNullable<TaskRun['status']>['conditions']>[number];

const conditionOf = ({ status }: TaskRun): Condition | undefined =>
  status?.conditions?.find(({ type }) => type === 'Succeeded');

/** Reasons of Tekton for pods that are refused or have no node; `Pending` alone may be a pod that just starts. */
const isWaiting = ({ status, reason = '', message = '' }: Condition): boolean =>
  status === 'Unknown' &&
  (['ExceededNodeResources', 'ExceededResourceQuota', 'PodCreationFailed'].includes(reason) ||
    (reason === 'Pending' && message.includes('"PodScheduled":"False"')));

const unscheduled = (pod: Pod | undefined): string | undefined => {
  const scheduled = pod?.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return scheduled?.status === 'False' ? scheduled.message : undefined;
};

/** Undefined while nothing is wrong. */
export const explainWaiting = async (client: KubeClient, taskRun: TaskRun): Promise<string | undefined> => {
  const condition = conditionOf(taskRun);
  if (condition === undefined || !isWaiting(condition)) return undefined;
  const { podName } = taskRun.status ?? {};
  const pod =
    podName === undefined
      ? undefined
      : await client.resource(kinds.pods, taskRun.metadata.namespace).get(podName);
  return unscheduled(pod) ?? condition.message ?? condition.reason;
};
