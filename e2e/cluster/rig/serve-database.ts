/** serveDatabase: a Postgres that pods reach, from Debian's binaries, for a test. */

import { startPostgres } from '@tekton-dag/store/testing';
import { relayTcp } from './relay-tcp.ts';

export interface ServedDatabase extends AsyncDisposable {
  /** For a pod. */
  readonly url: string;
  readonly port: number;
}

/** Throws where Postgres is not installed: ask `findPostgres` first. */
export async function serveDatabase(address: string): Promise<ServedDatabase> {
  await using cleanups = new AsyncDisposableStack();
  const postgres = cleanups.use(await startPostgres());
  const local = new URL(await postgres.createDatabase('orchestrator'));
  const path = `${decodeURIComponent(local.hostname)}/.s.PGSQL.5432`;
  const { port } = cleanups.use(await relayTcp(address, { path }));
  const kept = cleanups.move();
  return {
    url: `postgres://${local.username}@${address}:${port}${local.pathname}`,
    port,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
