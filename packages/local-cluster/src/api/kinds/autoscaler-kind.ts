/** HorizontalPodAutoscaler (autoscaling/v2): stored and shown; the number of replicas stays as it is here. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { FieldError, ResourceDefinition } from '../../contracts/resource-definition.ts';
import { schemaOf as s } from '../schema/schema-of.ts';
import { readField, readText } from './read-field.ts';

function boundProblems(object: KubeObject): readonly FieldError[] {
  const least = Number(readField(object, 'spec', 'minReplicas') ?? 1);
  const most = Number(readField(object, 'spec', 'maxReplicas'));
  if (most >= Math.max(1, least)) return [];
  const why = most < 1 ? 'must be greater than 0' : 'must be greater than or equal to `minReplicas`';
  return [{ field: 'spec.maxReplicas', message: `Invalid value: ${most}: ${why}` }];
}

export const autoscalerKind: ResourceDefinition = {
  group: 'autoscaling',
  version: 'v2',
  resource: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    {
      name: 'Reference',
      type: 'string',
      value: (object) =>
        `${readText(object, 'spec', 'scaleTargetRef', 'kind')}/${readText(object, 'spec', 'scaleTargetRef', 'name')}`,
    },
    { name: 'MinPods', type: 'string', value: (object) => readText(object, 'spec', 'minReplicas') || '1' },
    { name: 'MaxPods', type: 'string', value: (object) => readText(object, 'spec', 'maxReplicas') },
  ],
  validate: boundProblems,
  schema: s.object('How many pods there are to be; stored, without effect here.', {
    spec: s.object(
      'The bounds and what they depend on.',
      {
        scaleTargetRef: s.object('What is scaled.', {
          apiVersion: s.text('Its API version.'),
          kind: s.text('Its kind.'),
          name: s.text('Its name.'),
        }),
        minReplicas: s.integer('The least.'),
        maxReplicas: s.integer('The most.'),
        metrics: s.list('What is measured.', s.free('A metric and its target.')),
        behavior: s.free('How fast it grows and shrinks.'),
      },
      ['scaleTargetRef', 'maxReplicas'],
    ),
    status: s.free('How many there are.'),
  }),
};
