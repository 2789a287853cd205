/** The schema of ObjectMeta, the same for every kind. */

import type { OpenApiSchema } from '../../contracts/resource-definition.ts';

const text = (description: string) => ({ type: 'string', description });
const time = (description: string) => ({ type: 'string', format: 'date-time', description });
const count = (description: string) => ({ type: 'integer', format: 'int64', description });
const textMap = (description: string) => ({
  type: 'object',
  additionalProperties: { type: 'string' },
  description,
});

const OWNER_REFERENCE: OpenApiSchema = {
  type: 'object',
  description: 'An object that this one belongs to; it goes when all its owners are gone.',
  required: ['apiVersion', 'kind', 'name', 'uid'],
  properties: {
    apiVersion: text('API version of the owner.'),
    kind: text('Kind of the owner.'),
    name: text('Name of the owner.'),
    uid: text('UID of the owner.'),
    controller: { type: 'boolean', description: 'True for the one owner that controls this object.' },
    blockOwnerDeletion: {
      type: 'boolean',
      description: 'True when a foreground deletion of the owner waits for this object.',
    },
  },
};

export const OBJECT_META_SCHEMA: OpenApiSchema = {
  type: 'object',
  description: 'What every object has: its identity, labels, annotations, owners.',
  properties: {
    name: text('Name of the object, unique among its kind and namespace.'),
    generateName: text('Prefix for a name that the server completes, when name is empty.'),
    namespace: text('Namespace of the object.'),
    labels: textMap('Keys and values that selectors match.'),
    annotations: textMap('Keys and values that selectors do not match.'),
    finalizers: {
      type: 'array',
      items: { type: 'string' },
      description: 'What must happen before a deleted object goes; each entry is removed by its doer.',
    },
    ownerReferences: {
      type: 'array',
      items: OWNER_REFERENCE,
      description: 'The objects that this one belongs to.',
    },
    uid: text('Identity of this object in time; set by the server.'),
    resourceVersion: text('Version of the object for optimistic locks and watches; set by the server.'),
    generation: count('Counts the changes of the spec; set by the server.'),
    creationTimestamp: { ...time('When the object was made; set by the server.'), nullable: true },
    deletionTimestamp: { ...time('When the object is due to go; set by a delete.'), nullable: true },
    deletionGracePeriodSeconds: count('Seconds the object may take to stop; set by a delete.'),
    selfLink: text('No longer set.'),
    managedFields: {
      type: 'array',
      items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      description: 'Which writer owns which fields; kept by the server.',
    },
  },
};
