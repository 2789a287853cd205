/** The test's end of steered programs: a loopback port that they connect to, and orders for each of them. */

import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const helloSchema = z.object({ argv: z.array(z.string()), env: z.record(z.string(), z.string()) });

export interface SteeredProgram {
  /** Its arguments; the first one is what the test calls it. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  print(text: string): void;
  /** Ends it; resolves when it is gone. */
  exit(code: number): Promise<void>;
  /** Resolves when it is gone, however it ended. */
  readonly gone: Promise<void>;
}

export interface Steering extends AsyncDisposable {
  /** `host:port`, the first argument of the program. */
  readonly address: string;
  /** The next program called `name`, or the next of any name; each is given out once. Rejects when none comes. */
  next(name?: string): Promise<SteeredProgram>;
  /** Programs that are connected now. */
  alive(): number;
  /** Every program that comes from now on ends at once with this code. */
  letAllExit(code: number): void;
  /** The end of `letAllExit`. */
  holdAll(): void;
}

const ARRIVAL_TIMEOUT_MS = 240_000;

interface Waiter {
  readonly name: string | undefined;
  readonly resolve: (program: SteeredProgram) => void;
}

async function greet(socket: Socket): Promise<SteeredProgram> {
  // A program that is killed may reset its connection, which is an end like any other.
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  socket.on('close', () => resolve());
  const lines = createInterface({ input: socket });
  lines.on('error', () => resolve());
  const [line] = await once(lines, 'line');
  const hello = helloSchema.parse(JSON.parse(String(line)));
  const tell = (order: object): boolean => socket.write(`${JSON.stringify(order)}\n`);
  return {
    ...hello,
    gone,
    print: (text) => void tell({ print: text }),
    exit: async (code) => {
      tell({ exit: code });
      await gone;
    },
  };
}

type Reception = Pick<Steering, 'next' | 'letAllExit' | 'holdAll'> & {
  readonly receive: (program: SteeredProgram) => void;
};

/** Matches the programs that come with the tests that wait for them. */
function createReception(arrivalTimeoutMs: number): Reception {
  const arrived: SteeredProgram[] = [];
  const waiters: Waiter[] = [];
  let exitCode: number | undefined;

  function awaitArrival(name: string | undefined): Promise<SteeredProgram> {
    const { promise, resolve, reject } = Promise.withResolvers<SteeredProgram>();
    const waiter = { name, resolve };
    const timer = setTimeout(() => {
      // A program that comes later is for the next who asks.
      waiters.splice(waiters.indexOf(waiter), 1);
      reject(new Error(`no program ${name ?? ''} came in time`));
    }, arrivalTimeoutMs);
    waiters.push(waiter);
    return promise.finally(() => clearTimeout(timer));
  }

  return {
    receive: (program) => {
      const index = waiters.findIndex(({ name }) => name === undefined || name === program.argv[0]);
      const [waiter] = index < 0 ? [] : waiters.splice(index, 1);
      if (exitCode !== undefined) void program.exit(exitCode);
      else if (waiter === undefined) arrived.push(program);
      else waiter.resolve(program);
    },
    next(name) {
      const index = arrived.findIndex(({ argv }) => name === undefined || name === argv[0]);
      const [program] = index < 0 ? [] : arrived.splice(index, 1);
      return program === undefined ? awaitArrival(name) : Promise.resolve(program);
    },
    letAllExit(code) {
      exitCode = code;
      for (const program of arrived.splice(0)) void program.exit(code);
    },
    holdAll() {
      exitCode = undefined;
    },
  };
}

/** Opens the port; pods of a cluster need an address that they reach. */
export async function createSteering(
  address = '127.0.0.1',
  arrivalTimeoutMs = ARRIVAL_TIMEOUT_MS,
): Promise<Steering> {
  const sockets = new Set<Socket>();
  const { receive, ...reception } = createReception(arrivalTimeoutMs);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    void greet(socket).then(receive, () => socket.destroy());
  });
  server.listen(0, address);
  await once(server, 'listening');
  const bound = server.address();

  return {
    ...reception,
    address: `${address}:${typeof bound === 'object' ? (bound?.port ?? 0) : 0}`,
    alive: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
