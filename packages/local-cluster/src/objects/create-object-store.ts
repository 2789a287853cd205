/** The object store on node:sqlite: reads from memory, writes through to the file before they are acknowledged. */

import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject, ObjectKey, ResourceKey } from '../contracts/kube-object.ts';
import type { ListOptions, StoreRefusal, WatchEvent } from '../contracts/object-store.ts';
import type { ResourceDefinition } from '../contracts/resource-definition.ts';
import type { ClusterObjectStore, DeleteOptions, Outcome, WriteOptions } from './cluster-object-store.ts';
import { createChangeFeed, type ChangeFeed } from './change-feed.ts';
import { createGarbageCollector, type GarbageCollector } from './collect-garbage.ts';
import { deepFreeze } from './deep-freeze.ts';
import { generateName } from './generate-name.ts';
import { createObjectIndex, type ObjectIndex } from './object-index.ts';
import { openObjectJournal, type ObjectJournal } from './object-journal.ts';
import {
  finalizersOf,
  markedForDeletion,
  kubernetesTime,
  newObject,
  revisedObject,
  withGeneration,
  withStatusOf,
} from './revise-object.ts';
import { refuseDelete, refuseUpdate } from './refuse-write.ts';
import { alreadyExists, forbidden, invalid, notFound, qualifiedKind } from './store-refusals.ts';
import { validateMetadata } from './validate-metadata.ts';

export interface ObjectStoreOptions {
  /** Path of the SQLite file; made when missing. */
  readonly file: string;
  readonly resources: readonly ResourceDefinition[];
  readonly now?: () => Date;
  /** Gets what a watch listener throws; by default it is thrown on as an uncaught fault. */
  readonly onListenerFault?: (fault: unknown) => void;
}

const NAMESPACES: ResourceKey = { group: '', resource: 'namespaces' };

const idOf = ({ group, resource }: ResourceKey): string => `${group}/${resource}`;

const hasLabels = (object: KubeObject, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(labels).every(([key, value]) => object.metadata.labels?.[key] === value);

const throwLater = (fault: unknown): void =>
  queueMicrotask(() => {
    throw fault;
  });

class SqliteObjectStore implements ClusterObjectStore {
  readonly #journal: ObjectJournal;
  readonly #index: ObjectIndex = createObjectIndex();
  readonly #feed: ChangeFeed;
  readonly #garbage: GarbageCollector;
  readonly #definitions = new Map<string, ResourceDefinition>();
  readonly #now: () => Date;
  #version = 0;

  constructor(options: ObjectStoreOptions) {
    this.#journal = openObjectJournal(options.file);
    this.#now = options.now ?? (() => new Date());
    this.#feed = createChangeFeed(options.onListenerFault ?? throwLater);
    this.#garbage = createGarbageCollector(this.#index, this);
    for (const definition of options.resources) this.register(definition);
    this.#load();
  }

  #load(): void {
    const { objects, versions } = this.#journal.load();
    for (const { resource, version } of versions) {
      this.#feed.startAfter(resource, version);
      this.#version = Math.max(this.#version, version);
    }
    for (const { key, object } of objects) this.#index.set(key, deepFreeze(object));
  }

  finishDeletions(): void {
    this.#garbage.sweep();
  }

  get(key: ObjectKey): KubeObject | undefined {
    return this.#index.get(key);
  }

  list(resource: ResourceKey, { namespace, labels }: ListOptions = {}) {
    const all = this.#index.list(resource, namespace);
    const items = labels === undefined ? all : all.filter((object) => hasLabels(object, labels));
    return { items, resourceVersion: this.resourceVersion() };
  }

  watch(resource: ResourceKey, listener: (event: WatchEvent) => void): () => void {
    return this.#feed.subscribe(resource, listener);
  }

  changesSince(resource: ResourceKey, version: number): Result<readonly WatchEvent[], StoreRefusal> {
    return this.#feed.since(resource, version);
  }

  definitions(): readonly ResourceDefinition[] {
    return [...this.#definitions.values()];
  }

  definitionOf(resource: ResourceKey): ResourceDefinition | undefined {
    return this.#definitions.get(idOf(resource));
  }

  register(definition: ResourceDefinition): void {
    this.#definitions.set(idOf(definition), definition);
  }

  unregister(resource: ResourceKey): void {
    this.#definitions.delete(idOf(resource));
  }

  resourceVersion(): string {
    return String(this.#version);
  }

  close(): void {
    this.#journal.close();
  }

  create(resource: ResourceKey, sent: KubeObject, { dryRun = false }: WriteOptions = {}): Outcome {
    const definition = this.#definitionOrThrow(resource);
    const key = this.#newKey(definition, sent);
    if (this.#index.get(key) !== undefined) return alreadyExists(resource, key.name);
    const refused = this.#refuseNamespace(key);
    if (refused !== undefined) return refused;
    const birth = { ...key, uid: randomUUID(), creationTimestamp: kubernetesTime(this.#now()) };
    const object = newObject(sent, birth, definition.subresources?.includes('status') === true);
    const admitted = this.#admit(definition, object);
    if (!admitted.ok) return admitted;
    return ok(dryRun ? deepFreeze(admitted.value) : this.#commit(key, admitted.value, undefined));
  }

  update(resource: ResourceKey, sent: KubeObject, { dryRun = false }: WriteOptions = {}): Outcome {
    const definition = this.#definitionOrThrow(resource);
    const keepStatus = definition.subresources?.includes('status') === true;
    return this.#revise(definition, sent, dryRun, (current) =>
      withGeneration(
        current,
        (definition.setDefaults ?? ((same) => same))(revisedObject(current, sent, keepStatus)),
      ),
    );
  }

  updateStatus(resource: ResourceKey, sent: KubeObject, { dryRun = false }: WriteOptions = {}): Outcome {
    const definition = this.#definitionOrThrow(resource);
    return this.#revise(definition, sent, dryRun, (current) => withStatusOf(current, sent));
  }

  mutateStatus(key: ObjectKey, change: (object: KubeObject) => KubeObject | undefined): Outcome {
    const current = this.#index.get(key);
    if (current === undefined) return notFound(key, key.name);
    const changed = change(current);
    return changed === undefined ? ok(current) : this.#replace(key, current, withStatusOf(current, changed));
  }

  delete(key: ObjectKey, options: DeleteOptions & WriteOptions = {}): Outcome {
    const current = this.#index.get(key);
    if (current === undefined) return notFound(key, key.name);
    const refused = refuseDelete(key, current, options);
    if (refused !== undefined || options.dryRun === true) return refused ?? ok(current);
    if (options.propagation === 'Orphan') this.#garbage.orphanDependents(current.metadata.uid ?? '');
    return ok(this.#beginDeletion(key, this.#index.get(key) ?? current, options));
  }

  #beginDeletion(key: ObjectKey, current: KubeObject, options: DeleteOptions): KubeObject {
    const uid = current.metadata.uid ?? '';
    const graceSeconds = this.#graceSeconds(key, current, options.gracePeriodSeconds);
    const foreground = options.propagation === 'Foreground' && this.#index.dependentsOf(uid).length > 0;
    const marked = markedForDeletion(current, { graceSeconds, foreground, now: this.#now() });
    if (graceSeconds === 0 && finalizersOf(marked).length === 0) return this.#remove(key);
    const stored = isDeepStrictEqual(marked, current) ? current : this.#commit(key, marked, current);
    if (foreground) this.#garbage.deleteDependents(uid);
    return stored;
  }

  #graceSeconds(key: ObjectKey, current: KubeObject, asked: number | undefined): number {
    const graceOf = this.definitionOf(key)?.deletionGraceSeconds;
    return graceOf === undefined ? 0 : (asked ?? graceOf(current) ?? 0);
  }

  #remove(key: ObjectKey): KubeObject {
    const last = this.#index.get(key);
    if (last === undefined) throw new Error(`${idOf(key)} ${key.name} was removed twice`);
    const version = this.#version + 1;
    const object = deepFreeze({ ...last, metadata: { ...last.metadata, resourceVersion: String(version) } });
    this.#journal.commit(key, undefined, version);
    this.#version = version;
    this.#index.remove(key);
    this.#feed.publish(key, { type: 'DELETED', object, previous: last });
    this.#garbage.afterRemoval(object);
    return object;
  }

  #commit(key: ObjectKey, next: KubeObject, previous: KubeObject | undefined): KubeObject {
    const version = this.#version + 1;
    const object = deepFreeze({ ...next, metadata: { ...next.metadata, resourceVersion: String(version) } });
    this.#journal.commit(key, object, version);
    this.#version = version;
    this.#index.set(key, object);
    this.#feed.publish(
      key,
      previous === undefined ? { type: 'ADDED', object } : { type: 'MODIFIED', object, previous },
    );
    this.#garbage.afterWrite(key, object);
    return object;
  }

  #replace(key: ObjectKey, current: KubeObject, next: KubeObject): Outcome {
    const settled = next.metadata.deletionTimestamp !== undefined && finalizersOf(next).length === 0;
    const waits = (next.metadata.deletionGracePeriodSeconds ?? 0) > 0;
    if (isDeepStrictEqual(next, current)) return ok(current);
    const stored = this.#commit(key, next, current);
    return ok(settled && !waits && this.#index.get(key) === stored ? this.#remove(key) : stored);
  }

  #revise(
    definition: ResourceDefinition,
    sent: KubeObject,
    dryRun: boolean,
    build: (current: KubeObject) => KubeObject,
  ): Outcome {
    const key = this.#keyOf(definition, sent);
    const current = this.#index.get(key);
    if (current === undefined) return notFound(definition, key.name);
    const refused = refuseUpdate(definition, current, sent);
    if (refused !== undefined) return refused;
    const next = build(current);
    const problems = [
      ...validateMetadata(definition, next.metadata),
      ...(definition.validate?.(next, current) ?? []),
    ];
    if (problems.length > 0) return invalid(qualifiedKind(definition), key.name, problems);
    return dryRun ? ok(deepFreeze(next)) : this.#replace(key, current, next);
  }

  #admit(definition: ResourceDefinition, object: KubeObject): Outcome {
    const defaulted = definition.setDefaults?.(object) ?? object;
    const problems = [
      ...validateMetadata(definition, defaulted.metadata),
      ...(definition.validate?.(defaulted) ?? []),
    ];
    if (problems.length === 0) return ok(defaulted);
    return invalid(qualifiedKind(definition), object.metadata.name ?? '', problems);
  }

  #refuseNamespace(key: ObjectKey): Result<never, StoreRefusal> | undefined {
    if (key.namespace === '' || this.definitionOf(NAMESPACES) === undefined) return undefined;
    const namespace = this.#index.get({ ...NAMESPACES, namespace: '', name: key.namespace });
    if (namespace === undefined) return err(notFound(NAMESPACES, key.namespace).error);
    if (namespace.metadata.deletionTimestamp === undefined) return undefined;
    return forbidden(
      key,
      key.name,
      `unable to create new content in namespace ${key.namespace} because it is being terminated`,
    );
  }

  #newKey(definition: ResourceDefinition, sent: KubeObject): ObjectKey {
    const key = this.#keyOf(definition, sent);
    const prefix = sent.metadata.generateName ?? '';
    if (key.name !== '' || prefix === '') return key;
    for (;;) {
      const named = { ...key, name: generateName(prefix) };
      if (this.#index.get(named) === undefined) return named;
    }
  }

  #keyOf({ group, resource, namespaced }: ResourceDefinition, { metadata }: KubeObject): ObjectKey {
    return {
      group,
      resource,
      namespace: namespaced ? (metadata.namespace ?? 'default') : '',
      name: metadata.name ?? '',
    };
  }

  #definitionOrThrow(resource: ResourceKey): ResourceDefinition {
    const definition = this.definitionOf(resource);
    if (definition === undefined) throw new Error(`The store does not know the resource ${idOf(resource)}.`);
    return definition;
  }
}

/** Opens the store. Throws SQLite's error when the file cannot be written or another process holds it. */
export const createObjectStore = (options: ObjectStoreOptions): ClusterObjectStore =>
  new SqliteObjectStore(options);
