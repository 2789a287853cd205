/** Event (v1): what happened to an object, as `kubectl describe` and `kubectl get events` show it. */

import type { KubeObject } from '../../contracts/kube-object.ts';
import type { ResourceDefinition } from '../../contracts/resource-definition.ts';
import { schemaOf as s } from '../schema/schema-of.ts';
import { readText } from './read-field.ts';

const INVOLVED = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

const lastSeen = (event: KubeObject): string | undefined =>
  [
    readText(event, 'series', 'lastObservedTime'),
    readText(event, 'lastTimestamp'),
    readText(event, 'eventTime'),
  ].find((time) => time !== '') ?? event.metadata.creationTimestamp;

const about = (event: KubeObject): string =>
  `${readText(event, 'involvedObject', 'kind').toLowerCase()}/${readText(event, 'involvedObject', 'name')}`;

/** Events older than an hour are removed (see expire-events.ts). */
export const eventKind: ResourceDefinition = {
  group: '',
  version: 'v1',
  resource: 'events',
  kind: 'Event',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  exactColumns: true,
  columns: [
    { name: 'Last Seen', type: 'date', value: lastSeen },
    { name: 'Type', type: 'string', value: (event) => readText(event, 'type') },
    { name: 'Reason', type: 'string', value: (event) => readText(event, 'reason') },
    { name: 'Object', type: 'string', value: about },
    {
      name: 'Subobject',
      type: 'string',
      priority: 1,
      value: (event) => readText(event, 'involvedObject', 'fieldPath'),
    },
    { name: 'Source', type: 'string', priority: 1, value: (event) => readText(event, 'source', 'component') },
    { name: 'Message', type: 'string', value: (event) => readText(event, 'message') },
    {
      name: 'First Seen',
      type: 'date',
      priority: 1,
      value: (event) => readText(event, 'firstTimestamp') || lastSeen(event),
    },
    { name: 'Count', type: 'string', priority: 1, value: (event) => readText(event, 'count') },
    { name: 'Name', type: 'string', priority: 1, value: ({ metadata }) => metadata.name },
  ],
  selectableFields: {
    ...Object.fromEntries(
      INVOLVED.map((field) => [
        `involvedObject.${field}`,
        (event: KubeObject) => readText(event, 'involvedObject', field),
      ]),
    ),
    reason: (event) => readText(event, 'reason'),
    type: (event) => readText(event, 'type'),
    source: (event) => readText(event, 'source', 'component'),
    reportingComponent: (event) => readText(event, 'reportingComponent'),
  },
  schema: s.object('Something that happened to an object.', {
    involvedObject: s.free('The object it happened to.'),
    related: s.free('A second object that had a part in it.'),
    reason: s.text('One word in CamelCase, for programs.'),
    message: s.text('A sentence, for people.'),
    type: s.text('Normal or Warning.'),
    source: s.free('The component that tells it.'),
    firstTimestamp: s.time('When it first happened.'),
    lastTimestamp: s.time('When it last happened.'),
    eventTime: s.time('When it happened.'),
    count: s.integer('How often it happened.'),
    action: s.text('What was done.'),
    series: s.free('Repetitions.'),
    reportingComponent: s.text('The controller that tells it.'),
    reportingInstance: s.text('Which copy of that controller.'),
  }),
};
