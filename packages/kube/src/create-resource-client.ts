/** createResourceClient: the verbs on one kind over HTTP. */

import type { KubeObject } from './kube-object.ts';
import type { ResourceDefinition } from './kinds.ts';
import { apiVersionOf } from './kinds.ts';
import { isRefusal, KubeUnreachableError } from './kube-error.ts';
import { readLines } from './read-lines.ts';
import type {
  ApplyOptions,
  DeleteOptions,
  ListOptions,
  LogOptions,
  ObjectList,
  PatchOptions,
  ResourceClient,
  Selectors,
  WatchOptions,
} from './resource-client.ts';
import type { Transport, TransportRequest } from './transport.ts';
import { readWatch, type WatchEvent } from './watch-event.ts';

/** Binds a kind to a namespace; absent: all namespaces, and single objects say their own. */
export function createResourceClient<T extends KubeObject>(
  transport: Transport,
  definition: ResourceDefinition<T>,
  namespace: string | undefined,
): ResourceClient<T> {
  return new HttpResourceClient(transport, definition, definition.namespaced ? namespace : undefined);
}

const PATCH_TYPES = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

interface ListBody<T> {
  readonly items?: T[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

class HttpResourceClient<T extends KubeObject> implements ResourceClient<T> {
  readonly definition: ResourceDefinition<T>;
  readonly namespace: string | undefined;
  readonly #transport: Transport;

  constructor(transport: Transport, definition: ResourceDefinition<T>, namespace: string | undefined) {
    this.#transport = transport;
    this.definition = definition;
    this.namespace = namespace;
  }

  async get(name: string): Promise<T | undefined> {
    try {
      return await this.#json({ method: 'GET', path: this.#objectPath(name, this.namespace) });
    } catch (error) {
      if (isRefusal(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  async list(options: ListOptions<T> = {}): Promise<ObjectList<T>> {
    try {
      return await this.#listPages(options, options.limit ?? 500);
    } catch (error) {
      if (!isRefusal(error, 'Expired')) throw error;
      // The snapshot went away between two pages; one unpaged list cannot expire.
      return this.#listPages(options, 0);
    }
  }

  create(object: T): Promise<T> {
    const path = this.#collectionPath(this.#namespaceOf(object));
    return this.#json({ method: 'POST', path, body: this.#identified(object) });
  }

  replace(object: T, options: { readonly subresource?: string } = {}): Promise<T> {
    const path = this.#objectPath(nameOf(object), this.#namespaceOf(object), options.subresource);
    return this.#json({ method: 'PUT', path, body: this.#identified(object) });
  }

  patch(name: string, body: unknown, { type, subresource }: PatchOptions): Promise<T> {
    const path = this.#objectPath(name, this.namespace, subresource);
    return this.#json({ method: 'PATCH', path, body, contentType: PATCH_TYPES[type] });
  }

  apply(object: T, { fieldManager, force, dryRun, subresource }: ApplyOptions): Promise<T> {
    return this.#json({
      method: 'PATCH',
      path: this.#objectPath(nameOf(object), this.#namespaceOf(object), subresource),
      query: { fieldManager, force, dryRun: dryRun === true ? 'All' : undefined },
      body: this.#identified(object),
      contentType: 'application/apply-patch+yaml',
    });
  }

  async delete(name: string, options: DeleteOptions = {}): Promise<boolean> {
    const path = this.#objectPath(name, this.namespace);
    try {
      const answer = await this.#transport.send({ method: 'DELETE', path, body: deleteBody(options) });
      await answer.text();
      return true;
    } catch (error) {
      if (isRefusal(error, 'NotFound')) return false;
      throw error;
    }
  }

  async deleteCollection(options: Selectors & Pick<DeleteOptions, 'propagation'>): Promise<void> {
    const { labelSelector, fieldSelector } = options;
    const query = { labelSelector, fieldSelector };
    const path = this.#collectionPath(this.#requireNamespace(this.namespace));
    const answer = await this.#transport.send({ method: 'DELETE', path, query, body: deleteBody(options) });
    await answer.text();
  }

  async *watch(options: WatchOptions = {}): AsyncGenerator<WatchEvent<T>> {
    const { labelSelector, fieldSelector, resourceVersion, timeoutSeconds } = options;
    const query = {
      watch: true,
      allowWatchBookmarks: true,
      labelSelector,
      fieldSelector,
      resourceVersion,
      timeoutSeconds,
    };
    const path = this.#collectionPath(this.namespace);
    yield* readWatch<T>(
      (signal) => this.#transport.send({ method: 'GET', path, query, signal, timeoutMs: 0 }),
      options,
    );
  }

  async *logs(name: string, options: LogOptions = {}): AsyncGenerator<string> {
    const { signal, maxLineLength, ...query } = options;
    const path = this.#objectPath(name, this.namespace, 'log');
    const answer = await this.#transport.send({ method: 'GET', path, query, signal, timeoutMs: 0 });
    yield* readLines(answer.chunks(), maxLineLength);
  }

  async #listPages(options: ListOptions<T>, limit: number): Promise<ObjectList<T>> {
    const items: T[] = [];
    let continuation: string | undefined;
    let page: ListBody<T>;
    do {
      page = await this.#page(options, limit, continuation);
      for (const item of this.#typed(page)) items.push(options.transform?.(item) ?? item);
      continuation = page.metadata?.continue;
    } while (continuation !== undefined && continuation !== '');
    return { items, resourceVersion: page.metadata?.resourceVersion ?? '' };
  }

  async #page(
    options: ListOptions<T>,
    limit: number,
    continuation: string | undefined,
  ): Promise<ListBody<T>> {
    const { labelSelector, fieldSelector, signal } = options;
    const query = {
      labelSelector,
      fieldSelector,
      limit: limit > 0 ? limit : undefined,
      continue: continuation,
    };
    return this.#json({ method: 'GET', path: this.#collectionPath(this.namespace), query, signal });
  }

  /** Lists leave `kind` and `apiVersion` out of their items; readers want them. */
  #typed(page: ListBody<T>): T[] {
    const { kind } = this.definition;
    const apiVersion = apiVersionOf(this.definition);
    return (page.items ?? []).map((item) => ({ apiVersion, kind, ...item }));
  }

  #identified(object: T): T {
    return { apiVersion: apiVersionOf(this.definition), kind: this.definition.kind, ...object };
  }

  async #json<Body>(request: TransportRequest): Promise<Body> {
    const answer = await this.#transport.send(request);
    const text = await answer.text();
    try {
      const body: Body = JSON.parse(text);
      return body;
    } catch (cause) {
      throw new KubeUnreachableError(`${request.method} ${request.path}: the answer is not JSON`, { cause });
    }
  }

  #collectionPath(namespace: string | undefined): string {
    const { group, version, plural } = this.definition;
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    return namespace === undefined
      ? `${root}/${plural}`
      : `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
  }

  #objectPath(name: string, namespace: string | undefined, subresource?: string): string {
    if (name === '') throw new TypeError(`a ${this.definition.kind} needs a name`);
    const base = `${this.#collectionPath(this.#requireNamespace(namespace))}/${encodeURIComponent(name)}`;
    return subresource === undefined ? base : `${base}/${subresource}`;
  }

  #namespaceOf(object: T): string | undefined {
    return this.#requireNamespace(this.namespace ?? object.metadata?.namespace);
  }

  #requireNamespace(namespace: string | undefined): string | undefined {
    if (!this.definition.namespaced) return undefined;
    if (namespace === undefined) throw new TypeError(`a ${this.definition.kind} needs a namespace`);
    return namespace;
  }
}

function nameOf(object: KubeObject): string {
  return object.metadata?.name ?? '';
}

function deleteBody({ propagation, uid, gracePeriodSeconds }: DeleteOptions): object {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: propagation,
    gracePeriodSeconds,
    preconditions: uid === undefined ? undefined : { uid },
  };
}
