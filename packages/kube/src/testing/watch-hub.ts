/** WatchHub: the open watches of the fake API server. */

import type { ServerResponse } from 'node:http';
import type { GenericObject } from '../kube-object.ts';
import type { FakeStore, StoredEvent } from './fake-store.ts';

/** What one watch wants to hear. */
export interface WatchFilter {
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly matches: (object: GenericObject) => boolean;
}

interface OpenWatch extends WatchFilter {
  readonly response: ServerResponse;
}

export class WatchHub {
  stalled = false;
  readonly #store: FakeStore;
  readonly #open = new Set<OpenWatch>();

  constructor(store: FakeStore) {
    this.#store = store;
    store.onEvent((event) => {
      for (const watch of this.#open) this.#send(watch, event);
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Starts a watch: history after `version` first, then what comes. */
  add(filter: WatchFilter, version: number, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const watch = { ...filter, response };
    for (const event of this.#store.eventsAfter(version)) this.#send(watch, event);
    this.#open.add(watch);
    response.on('close', () => this.#open.delete(watch));
  }

  cut(): void {
    for (const { response } of this.#open) {
      // Destroyed when the half line is out, so what was sent before it arrives.
      if (this.stalled) response.destroy();
      else response.write('{"type":"ADD', () => response.destroy());
    }
    this.#open.clear();
  }

  end(): void {
    for (const { response } of this.#open) response.end();
    this.#open.clear();
  }

  bookmark(): void {
    const metadata = { resourceVersion: String(this.#store.version) };
    this.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
  }

  write(text: string): void {
    if (this.stalled) return;
    for (const { response } of this.#open) response.write(text);
  }

  #send(watch: OpenWatch, event: StoredEvent): void {
    const { namespace } = watch;
    if (this.stalled || event.collection !== watch.collection) return;
    if (namespace !== undefined && event.object.metadata?.namespace !== namespace) return;
    if (!watch.matches(event.object)) return;
    watch.response.write(`${JSON.stringify({ type: event.type, object: event.object })}\n`);
  }
}
