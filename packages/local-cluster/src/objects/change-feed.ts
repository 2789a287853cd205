/** Tells listeners of every committed change, in order, and remembers enough of them to resume a watch. */

import { ok, type Result } from '@tekton-dag/model';
import type { ResourceKey } from '../contracts/kube-object.ts';
import type { StoreRefusal, WatchEvent } from '../contracts/object-store.ts';
import { expired } from './store-refusals.ts';

/** How many changes of one resource can be replayed; a watcher further behind gets 410 and lists again. */
const HISTORY_LENGTH = 4096;

type Listener = (event: WatchEvent) => void;

interface Channel {
  readonly listeners: Set<Listener>;
  readonly history: WatchEvent[];
  /** Changes after this version are all in `history`. */
  floor: number;
}

export interface ChangeFeed {
  publish(resource: ResourceKey, event: WatchEvent): void;
  subscribe(resource: ResourceKey, listener: Listener): () => void;
  /** The changes after `version`, oldest first; Expired when they are no longer all known. */
  since(resource: ResourceKey, version: number): Result<readonly WatchEvent[], StoreRefusal>;
  /** Says which version of a resource was the last one before this process started. */
  startAfter(resource: ResourceKey, version: number): void;
}

const versionOf = (event: WatchEvent): number => Number(event.object.metadata.resourceVersion);

const remember = (channel: Channel, event: WatchEvent): void => {
  channel.history.push(event);
  if (channel.history.length < HISTORY_LENGTH * 2) return;
  const dropped = channel.history.splice(0, HISTORY_LENGTH);
  const last = dropped.at(-1);
  if (last !== undefined) channel.floor = versionOf(last);
};

/** Index of the first change after `version`; the history is in order of versions. */
const firstAfter = (history: readonly WatchEvent[], version: number): number => {
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const event = history[middle];
    if (event !== undefined && versionOf(event) <= version) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * Creates a feed. A listener that writes to the store causes further events; those wait until every listener has
 * heard of the earlier one. `onFault` gets what a listener throws, so that one bad listener starves nobody.
 */
export const createChangeFeed = (onFault: (fault: unknown) => void): ChangeFeed => {
  const channels = new Map<string, Channel>();
  const pending: { readonly channel: Channel; readonly event: WatchEvent }[] = [];
  let draining = false;
  const channelOf = ({ group, resource }: ResourceKey): Channel => {
    const id = `${group}/${resource}`;
    const channel = channels.get(id) ?? { listeners: new Set(), history: [], floor: 0 };
    channels.set(id, channel);
    return channel;
  };
  const tell = (listener: Listener, event: WatchEvent): void => {
    try {
      listener(event);
    } catch (fault) {
      onFault(fault);
    }
  };
  const drain = (): void => {
    if (draining) return;
    draining = true;
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      for (const listener of next.channel.listeners) tell(listener, next.event);
    }
    draining = false;
  };
  return {
    publish: (resource, event) => {
      const channel = channelOf(resource);
      remember(channel, event);
      pending.push({ channel, event });
      drain();
    },
    subscribe: (resource, listener) => {
      const { listeners } = channelOf(resource);
      const own: Listener = (event) => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    since: (resource, version) => {
      const { floor, history } = channelOf(resource);
      if (version < floor) return expired(`too old resource version: ${version} (${floor})`);
      return ok(history.slice(firstAfter(history, version)));
    },
    startAfter: (resource, version) => {
      channelOf(resource).floor = version;
    },
  };
};
