/** Keeps the rest of a list between its pages, so that every page shows the same moment. */

import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../contracts/kube-object.ts';

export interface Page {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continueToken?: string;
  readonly remainingItemCount?: number;
}

export interface SnapshotPages {
  first(items: readonly KubeObject[], resourceVersion: string, limit: number): Page;
  /** Undefined when the token is unknown or too old. */
  next(token: string, limit: number): Page | undefined;
}

/** More lists than this at once push the oldest out; its reader gets 410 and starts again. */
const MAX_SNAPSHOTS = 64;

/** Tokens live in memory alone: a restart expires them. */
export const createSnapshotPages = (): SnapshotPages => {
  const rests = new Map<
    string,
    { readonly items: readonly KubeObject[]; readonly resourceVersion: string }
  >();
  const keep = (items: readonly KubeObject[], resourceVersion: string): string => {
    const token = Buffer.from(randomUUID()).toString('base64url');
    rests.set(token, { items, resourceVersion });
    const [oldest] = rests.keys();
    if (rests.size > MAX_SNAPSHOTS && oldest !== undefined) rests.delete(oldest);
    return token;
  };
  const page = (items: readonly KubeObject[], resourceVersion: string, limit: number): Page => {
    if (limit <= 0 || items.length <= limit) return { items, resourceVersion };
    const rest = items.slice(limit);
    return {
      items: items.slice(0, limit),
      resourceVersion,
      continueToken: keep(rest, resourceVersion),
      remainingItemCount: rest.length,
    };
  };
  return {
    first: page,
    next: (token, limit) => {
      const rest = rests.get(token);
      return rest === undefined ? undefined : page(rest.items, rest.resourceVersion, limit);
    },
  };
};
