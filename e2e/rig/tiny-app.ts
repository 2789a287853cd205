/** The app of the test stacks: passes the session on, and does what `behaviour.json` of its repository says. */

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { setInterval } from 'node:timers';
import { setTimeout } from 'node:timers/promises';

interface Behaviour {
  readonly version?: string;
  readonly listen?: boolean;
  readonly crash?: string;
  readonly dropSession?: boolean;
  /** Each answer comes this late. */
  readonly delayMs?: number;
  /** It listens this long after its start. */
  readonly startDelayMs?: number;
}

const behaviour: Behaviour = JSON.parse(readFileSync(new URL('behaviour.json', import.meta.url), 'utf8'));
const passed = ['baggage', 'traceparent', 'tracestate', process.env['SESSION_HEADER'] ?? 'x-dev-session'];

function passOn({ headers }: IncomingMessage): Record<string, string> {
  const kept = behaviour.dropSession === true ? ['traceparent'] : passed;
  return Object.fromEntries(kept.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : [])));
}

const downstreams = Object.entries(process.env).flatMap(([name, url = '']) =>
  /^DOWNSTREAM_.*_URL$/.test(name) ? [url] : [],
);

async function answer(request: IncomingMessage): Promise<object> {
  const headers = passOn(request);
  await setTimeout(behaviour.delayMs ?? 0);
  const calls = downstreams.map(async (url): Promise<unknown> => (await fetch(url, { headers })).json());
  const { APP_NAME: app, ...env } = process.env;
  return { app, version: behaviour.version, env, downstream: await Promise.all(calls) };
}

// As the first process of a container it would not end by itself.
process.on('SIGTERM', () => process.exit(0));

if (behaviour.crash !== undefined) {
  process.stderr.write(`${behaviour.crash}\n`);
  process.exit(3);
}
if (behaviour.listen === false) {
  process.stdout.write('waiting for a database that will never come\n');
  setInterval(() => undefined, 60_000);
} else {
  await setTimeout(behaviour.startDelayMs ?? 0);
  createServer((request, response) => {
    answer(request).then(
      (body) => response.end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(Number(process.env['PORT'] ?? 8080), process.env['POD_IP']);
}
