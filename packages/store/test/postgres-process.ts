/** A process that starts a Postgres, tells its directory on stdout, and waits to be killed. */

import { startPostgres } from '../src/testing/index.ts';

const server = await startPostgres();
process.stdout.write(`${decodeURIComponent(new URL(server.urlOf('postgres')).host)}\n`);
setInterval(() => {}, 60_000);
