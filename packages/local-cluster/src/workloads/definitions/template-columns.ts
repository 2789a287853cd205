/** The wide columns that every kind with a pod template has: CONTAINERS, IMAGES, SELECTOR. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { PrinterColumn } from '../../contracts/resource-definition.ts';
import { renderSelector } from '../specs/match-selector.ts';
import { isDeployment, isJob, isReplicaSet } from '../specs/workload-objects.ts';
import type { Deployment, Job, ReplicaSet } from '../specs/workload-objects.ts';

const forTemplate =
  (read: (object: Deployment | ReplicaSet | Job) => string): PrinterColumn['value'] =>
  (object: KubeObject) =>
    isDeployment(object) || isReplicaSet(object) || isJob(object) ? read(object) : undefined;

export const templateColumns: readonly PrinterColumn[] = [
  {
    name: 'Containers',
    type: 'string',
    priority: 1,
    value: forTemplate(({ spec }) => spec.template.spec.containers.map((each) => each.name).join(',')),
  },
  {
    name: 'Images',
    type: 'string',
    priority: 1,
    value: forTemplate(({ spec }) => spec.template.spec.containers.map((each) => each.image ?? '').join(',')),
  },
  {
    name: 'Selector',
    type: 'string',
    priority: 1,
    value: forTemplate(({ spec }) => renderSelector(spec.selector)),
  },
];
