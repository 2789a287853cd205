/** Audit: who did what, or tried to. Times are epoch milliseconds. */

import type { Page, PageRequest, TeamScope } from './page.ts';

export interface NewAuditEntry {
  readonly timeMs: number;
  readonly caller: string;
  /** E.g. `run.cancel`. */
  readonly action: string;
  /** Empty where it concerns no single team; only callers who see all teams see it then. */
  readonly team: string;
  readonly subject: string;
  readonly outcome: 'allowed' | 'refused' | 'failed';
  /** For people; never a secret. */
  readonly detail: string;
}

export interface AuditEntry extends NewAuditEntry {
  readonly id: string;
}

export interface AuditStore {
  /** On the disk before it resolves; concurrent calls share a commit. */
  append(entry: NewAuditEntry): Promise<void>;
  /** Newest first. */
  list(
    query: PageRequest & TeamScope & { readonly caller?: string; readonly action?: string },
  ): Promise<Page<AuditEntry>>;
  /** Deletes entries of before; at most `limit` (default 500). Tells how many. */
  prune(query: { readonly olderThanMs: number; readonly limit?: number }): Promise<number>;
}
