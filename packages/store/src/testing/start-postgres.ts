/**
 * startPostgres: a real Postgres of its own for a test, from Debian's binaries: a fresh data directory, a socket in it,
 * no TCP port, commits synced to disk. It ends with the process that started it, however that ends.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

export interface TestPostgres extends AsyncDisposable {
  /** URL of a database of that name. */
  urlOf(database: string): string;
  /** Makes an empty database with a name of its own; gives its URL. */
  createDatabase(name: string): Promise<string>;
  /** Breaks all connections and comes back, as an upgrade of the server does. Resolves when it answers again. */
  restart(): Promise<void>;
  /** Without a checkpoint or a word to its clients, as when the machine fails; `start` brings it back. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

const VERSIONS_DIRECTORY = '/usr/lib/postgresql';
const START_TIMEOUT_MS = 50_000;
const SUPERUSER = 'postgres';

/**
 * Ends the server and removes the working directory when its own stdin ends, and that is when the test's process is gone.
 * A watcher that has begun to do so is not to be stopped by the end of the server.
 */
const WATCHER = [
  'exec 3<&0',
  '"$@" 3<&- & server=$!',
  '(read -r _ <&3; trap "" TERM; kill -QUIT $server; while kill -0 $server; do sleep 0.1; done; rm -rf "$PWD") & watcher=$!',
  'wait $server',
  'kill $watcher',
].join('\n');

/** Directory of initdb and postgres, of the newest version there is; undefined where Postgres is not installed. */
export function findPostgres(): string | undefined {
  const versions = existsSync(VERSIONS_DIRECTORY) ? readdirSync(VERSIONS_DIRECTORY) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(VERSIONS_DIRECTORY, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')));
}

/** Throws where Postgres is not installed: ask `findPostgres` first. Takes about a second. */
export async function startPostgres(): Promise<TestPostgres> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error(`no Postgres below ${VERSIONS_DIRECTORY}`);
  const user = readServerUser();
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-postgres-'));
  if (user !== undefined) await chown(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const initdb = [
    '--pgdata',
    data,
    '--username',
    SUPERUSER,
    '--auth',
    'trust',
    '--no-sync',
    '--encoding',
    'UTF8',
  ];
  await promisify(execFile)(join(bin, 'initdb'), initdb, { ...user, cwd: directory });
  const server = createServer({ bin, directory, data, user });
  await server.start();
  return server;
}

interface ServerSpec {
  readonly bin: string;
  readonly directory: string;
  readonly data: string;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
}

function createServer(spec: ServerSpec): TestPostgres {
  const urlOf = (database: string): string =>
    `postgres://${SUPERUSER}@${encodeURIComponent(spec.directory)}/${database}`;
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = launch(spec);
    await waitUntilReady(urlOf(SUPERUSER), server);
  };
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (server === undefined || server.exitCode !== null) return;
    const exited = once(server, 'exit');
    process.kill(readServerPid(spec.data), signal);
    await exited;
  };
  return {
    urlOf,
    createDatabase: async (name) => {
      await execute(urlOf(SUPERUSER), `create database ${name}`);
      return urlOf(name);
    },
    restart: async () => {
      await stop('SIGINT');
      await start();
    },
    kill: () => stop('SIGQUIT'),
    start,
    [Symbol.asyncDispose]: async () => {
      await stop('SIGQUIT');
      server?.stdin?.end();
      await rm(spec.directory, { recursive: true });
    },
  };
}

function launch({ bin, directory, data, user }: ServerSpec): ChildProcess {
  const settings = { listen_addresses: '', unix_socket_directories: directory, max_connections: '200' };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawn('/bin/sh', ['-c', WATCHER, 'sh', join(bin, 'postgres'), '-D', data, ...options], {
    ...user,
    cwd: directory,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

async function waitUntilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return await execute(url, 'select 1');
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  // A server that is starting may say goodbye right after its welcome.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** First line of the lock file (Postgres docs, "postmaster.pid"). */
function readServerPid(data: string): number {
  return Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);
}

/** Postgres refuses to run as root: there it runs as Debian's user for it, or as nobody. */
function readServerUser(): ServerSpec['user'] {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] =
    users.find(([name]) => name === SUPERUSER) ?? users.find(([name]) => name === 'nobody') ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}
