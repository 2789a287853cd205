/** What the handlers of the API work with. */

import type { Log, Paths } from '../../contracts/cluster-context.ts';
import type { ClusterObjectStore } from '../../objects/cluster-object-store.ts';
import type { SnapshotPages } from '../verbs/snapshot-pages.ts';
import type { Authenticator } from '../access/authenticator.ts';

export interface ApiContext {
  readonly store: ClusterObjectStore;
  readonly paths: Pick<Paths, 'containerLog'>;
  readonly log: Log;
  readonly now: () => Date;
  readonly pages: SnapshotPages;
  readonly authenticator: Authenticator;
  /** Aborts when the server closes; ends watches and followed logs. */
  readonly closing: AbortSignal;
}
