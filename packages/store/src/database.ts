/** One database by two doors: `durable` waits for the disk with each commit, `relaxed` does not. */

import type { Kysely } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';

/**
 * What `relaxed` committed survives the end of the process, but not the end of the machine. It is for work that is
 * simply done again: claims, outcomes of deliveries, the history of runs.
 */
export interface Database {
  readonly dialect: 'sqlite' | 'postgres';
  readonly durable: Kysely<DatabaseSchema>;
  readonly relaxed: Kysely<DatabaseSchema>;
  /** A third door without time limits, where the others have some; whoever migrates destroys it afterwards. */
  readonly migrating: Kysely<DatabaseSchema> | undefined;
  destroy(): Promise<void>;
}
