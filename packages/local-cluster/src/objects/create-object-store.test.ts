/** The object store: metadata, optimistic locks, generations, finalizers, garbage collection, resumable changes. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../contracts/kube-object.ts';
import type { ResourceDefinition } from '../contracts/resource-definition.ts';
import type { ClusterObjectStore } from './cluster-object-store.ts';
import { createObjectStore } from './create-object-store.ts';

const widgets: ResourceDefinition = {
  group: 'example.com',
  version: 'v1',
  resource: 'widgets',
  kind: 'Widget',
  singular: 'widget',
  namespaced: true,
  subresources: ['status'],
};

const slow: ResourceDefinition = {
  ...widgets,
  resource: 'slowpokes',
  kind: 'Slowpoke',
  singular: 'slowpoke',
  deletionGraceSeconds: () => 30,
};

const widget = (name: string, fields: Partial<KubeObject> = {}): KubeObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name, namespace: 'default', ...fields.metadata },
  spec: { size: 1 },
  ...(fields.spec === undefined ? {} : { spec: fields.spec }),
  ...(fields.status === undefined ? {} : { status: fields.status }),
});

const keyOf = (name: string) => ({ ...widgets, namespace: 'default', name });

describe('the object store', () => {
  let directory: string;
  let store: ClusterObjectStore;
  const open = () =>
    createObjectStore({ file: join(directory, 'cluster.sqlite'), resources: [widgets, slow] });
  const created = (object: KubeObject): KubeObject => {
    const made = store.create(widgets, object);
    if (!made.ok) throw new Error(made.error.message);
    return made.value;
  };
  const owned = (name: string, owner: KubeObject, block = false): KubeObject =>
    widget(name, {
      metadata: {
        name,
        ownerReferences: [
          {
            apiVersion: owner.apiVersion,
            kind: owner.kind,
            name: owner.metadata.name ?? '',
            uid: owner.metadata.uid ?? '',
            blockOwnerDeletion: block,
          },
        ],
      },
    });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'object-store-'));
    store = open();
  });
  afterEach(() => {
    store.close();
    rmSync(directory, { recursive: true });
  });

  it('gives a new object a uid, a time, a version and generation 1', () => {
    const { metadata } = created(widget('a'));
    expect(metadata).toMatchObject({ name: 'a', namespace: 'default', generation: 1, resourceVersion: '1' });
    expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('resolves generateName and refuses a name that is taken or malformed', () => {
    const { metadata } = created({ ...widget('a'), metadata: { generateName: 'w-', namespace: 'default' } });
    expect(metadata.name).toMatch(/^w-[a-z0-9]{5}$/);
    created(widget('taken'));
    expect(store.create(widgets, widget('taken'))).toMatchObject({
      error: { reason: 'AlreadyExists', code: 409 },
    });
    expect(store.create(widgets, widget('Bad_Name'))).toMatchObject({
      error: { reason: 'Invalid', code: 422 },
    });
  });

  it('moves the generation with the spec and leaves the status to its own subresource', () => {
    created(widget('a'));
    const status = store.updateStatus(widgets, widget('a', { status: { ready: true } }));
    expect(status).toMatchObject({ value: { metadata: { generation: 1 }, status: { ready: true } } });
    const spec = store.update(widgets, widget('a', { spec: { size: 2 }, status: { ready: false } }));
    expect(spec).toMatchObject({
      value: { metadata: { generation: 2 }, spec: { size: 2 }, status: { ready: true } },
    });
  });

  it('refuses an update of an older version and a changed uid', () => {
    const first = created(widget('a'));
    store.update(widgets, widget('a', { spec: { size: 2 } }));
    expect(store.update(widgets, first)).toMatchObject({ error: { reason: 'Conflict', code: 409 } });
    const alien = widget('a', { metadata: { name: 'a', uid: 'other' } });
    expect(store.update(widgets, alien)).toMatchObject({ error: { reason: 'Conflict' } });
  });

  it('writes nothing when nothing changed', () => {
    const first = created(widget('a'));
    expect(store.update(widgets, widget('a'))).toMatchObject({
      value: { metadata: { resourceVersion: first.metadata.resourceVersion } },
    });
  });

  it('keeps a deleted object until its last finalizer is gone', () => {
    created(widget('a', { metadata: { name: 'a', finalizers: ['example.com/hold'] } }));
    store.delete(keyOf('a'));
    expect(store.get(keyOf('a'))?.metadata.deletionTimestamp).toBeDefined();
    store.update(widgets, widget('a'));
    expect(store.get(keyOf('a'))).toBeUndefined();
  });

  it('lets a slow kind linger until its controller deletes it with no grace', () => {
    const key = { ...slow, namespace: 'default', name: 's' };
    store.create(slow, { ...widget('s'), kind: 'Slowpoke' });
    store.delete(key);
    expect(store.get(key)?.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
    store.delete(key, { gracePeriodSeconds: 0 });
    expect(store.get(key)).toBeUndefined();
  });

  it('collects what a deleted owner leaves, grandchildren too', () => {
    const owner = created(widget('owner'));
    const child = created(owned('child', owner));
    created(owned('grandchild', child));
    store.delete(keyOf('owner'));
    expect(store.list(widgets).items).toEqual([]);
  });

  it('deletes the owner last in the foreground', () => {
    const owner = created(widget('owner'));
    const child = owned('child', owner, true);
    created({ ...child, metadata: { ...child.metadata, finalizers: ['example.com/hold'] } });
    store.delete(keyOf('owner'), { propagation: 'Foreground' });
    expect(store.get(keyOf('owner'))?.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(store.get(keyOf('child'))?.metadata.deletionTimestamp).toBeDefined();
    store.update(widgets, child);
    expect(store.list(widgets).items).toEqual([]);
  });

  it('leaves orphans without the owner when asked to', () => {
    created(owned('child', created(widget('owner'))));
    store.delete(keyOf('owner'), { propagation: 'Orphan' });
    expect(store.get(keyOf('child'))?.metadata.ownerReferences).toBeUndefined();
  });

  it('collects an object made for an owner that is gone', async () => {
    const owner = created(widget('owner'));
    store.delete(keyOf('owner'));
    created(owned('late', owner));
    await Promise.resolve();
    expect(store.get(keyOf('late'))).toBeUndefined();
  });

  it('tells every listener of changes in order, even when one of them writes', () => {
    const heard: string[] = [];
    store.watch(widgets, ({ type, object }) => {
      if (type === 'ADDED' && object.metadata.name === 'a') created(widget('b'));
    });
    store.watch(widgets, ({ object }) => heard.push(object.metadata.name ?? ''));
    created(widget('a'));
    expect(heard).toEqual(['a', 'b']);
  });

  it('replays changes after a version and says Expired when they are forgotten', () => {
    created(widget('a'));
    created(widget('b'));
    const replay = store.changesSince(widgets, 1);
    expect(replay.ok && replay.value.map(({ object }) => object.metadata.name)).toEqual(['b']);
    store.close();
    store = open();
    expect(store.changesSince(widgets, 1)).toMatchObject({ error: { reason: 'Expired', code: 410 } });
    expect(store.changesSince(widgets, 2)).toEqual({ ok: true, value: [] });
  });

  it('finds everything again after it is opened again', () => {
    const first = created(widget('a'));
    store.close();
    store = open();
    expect(store.get(keyOf('a'))).toEqual(first);
    expect(created(widget('b')).metadata.resourceVersion).toBe('2');
  });

  it('refuses a second process on the same file', () => {
    expect(open).toThrow(/locked/);
  });

  it('hands out frozen objects', () => {
    const object = created(widget('a'));
    expect(() => {
      object.metadata.labels = {};
    }).toThrow(TypeError);
  });

  it('stores nothing on a dry run', () => {
    expect(store.create(widgets, widget('a'), { dryRun: true }).ok).toBe(true);
    expect(store.get(keyOf('a'))).toBeUndefined();
  });
});
