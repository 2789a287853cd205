/** Writes core/v1 Events, so that `kubectl describe` tells what happened to an object. */

import { createHash } from 'node:crypto';
import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { KubeObject, ResourceKey } from '../../contracts/kube-object.ts';

export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, as the Kubernetes component spells it, e.g. `FailedMount`. */
  readonly reason: string;
  readonly message: string;
  /** The component that reports, e.g. `kubelet`. */
  readonly component: string;
  /** e.g. `spec.containers{app}`. */
  readonly fieldPath?: string;
}

const EVENTS: ResourceKey = { group: '', resource: 'events' };
const MAX_MESSAGE_LENGTH = 1024;

/** Adds the event, or counts it up when the same thing was said of the object before. Never fails. */
export function recordEvent(
  { store, now, log }: Pick<ClusterContext, 'store' | 'now' | 'log'>,
  object: KubeObject,
  note: EventNote,
): void {
  const namespace = object.metadata.namespace ?? 'default';
  const name = eventName(object, note);
  const time = `${now().toISOString().slice(0, 19)}Z`;
  try {
    const existing = store.get({ ...EVENTS, namespace, name });
    if (existing === undefined) {
      store.create(EVENTS, newEvent(object, note, { namespace, name, time }));
      return;
    }
    const count = typeof existing['count'] === 'number' ? existing['count'] + 1 : 1;
    store.update(EVENTS, { ...existing, count, lastTimestamp: time });
  } catch (error) {
    log.warn({ event: note.reason, object: object.metadata.name, error: String(error) }, 'an event was lost');
  }
}

function eventName(object: KubeObject, { reason, message, fieldPath = '' }: EventNote): string {
  const hash = createHash('sha256')
    .update([object.metadata.uid, reason, message, fieldPath].join('\0'))
    .digest('hex');
  return `${(object.metadata.name ?? '').slice(0, 200)}.${hash.slice(0, 16)}`;
}

function newEvent(
  object: KubeObject,
  note: EventNote,
  { namespace, name, time }: { namespace: string; name: string; time: string },
): KubeObject {
  const { uid, resourceVersion } = object.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name },
    involvedObject: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      namespace,
      name: object.metadata.name,
      uid,
      resourceVersion,
      ...(note.fieldPath === undefined ? {} : { fieldPath: note.fieldPath }),
    },
    type: note.type,
    reason: note.reason,
    message: note.message.slice(0, MAX_MESSAGE_LENGTH),
    source: { component: note.component },
    reportingComponent: note.component,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
