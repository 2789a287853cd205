/** The three example apps as processes behind the router: the chain that `make demo` shows. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpointSliceOf, interceptRouteOf, routedServiceOf, serviceRouteOf } from '../src/testing/index.ts';
import { createRouterRig, type RouterRig } from './router-rig.ts';

const run = promisify(execFile);
const APPS = join(import.meta.dirname, '../../../examples/apps');
const PORTS = { 'demo-fe': 20_000, 'release-lifecycle-demo': 20_001, 'demo-api': 20_002 } as const;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

let directory: string;
let rig: RouterRig;
const processes: ChildProcess[] = [];

/** What the compile step does, in a copy. */
async function build(): Promise<void> {
  await cp(APPS, directory, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', 'vendor'];
  await Promise.all([
    run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: join(directory, 'demo-fe') }),
    run('python3', [...pip, '-r', 'requirements.txt'], { cwd: join(directory, 'demo-api') }),
  ]);
}

/** Starts an app on a free port of the rig's address and answers its port. */
async function start(app: string, env: Record<string, string> = {}): Promise<number> {
  const cwd = join(directory, app);
  const [command, ...args] = app === 'demo-api' ? ['python3', 'server.py'] : [process.execPath, 'server.js'];
  const base = {
    PATH: process.env['PATH'] ?? '',
    HOST: rig.address,
    PORT: '0',
    PYTHONPATH: join(cwd, 'vendor'),
  };
  const child = spawn(command, args, { cwd, env: { ...base, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  processes.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return Number(String(line).split(':').at(-1));
}

const urlOf = (app: keyof typeof PORTS) => `http://${rig.address}:${PORTS[app]}`;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'example-apps-'));
  rig = await createRouterRig();
  await build();
  const ports = {
    'demo-fe-baseline': await start('demo-fe', {
      DOWNSTREAM_RELEASE_LIFECYCLE_DEMO_URL: urlOf('release-lifecycle-demo'),
    }),
    'release-lifecycle-demo-baseline': await start('release-lifecycle-demo', {
      DOWNSTREAM_DEMO_API_URL: urlOf('demo-api'),
    }),
    'demo-api-baseline': await start('demo-api'),
    'demo-api-pr-4': await start('demo-api'),
  };
  await rig.route({
    services: Object.entries(PORTS).map(([name, port]) => routedServiceOf({ name, port })),
    httpRoutes: [
      ...Object.keys(PORTS).map((service) => serviceRouteOf({ service })),
      interceptRouteOf({ service: 'demo-api', session: 'pr-4' }),
    ],
    endpointSlices: Object.entries(ports).flatMap(([service, port]) =>
      endpointSliceOf({ service, endpoints: [{ address: rig.address, port, pod: `${service}-0` }] }),
    ),
  });
}, 300_000);

afterAll(async () => {
  for (const child of processes) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
  await rig[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

describe('the example apps', () => {
  it('answer as one chain, and name themselves', async () => {
    const answer = await rig.send(PORTS['demo-fe'], { path: '/api/releases' });
    expect(JSON.parse(answer.body)).toMatchObject({
      app: 'demo-fe',
      session: null,
      releases: [{ item: 'checkout', stage: 'released' }, { stage: 'candidate' }, { stage: 'preview' }],
      downstream: [
        { app: 'release-lifecycle-demo', session: null, downstream: [{ app: 'demo-api', session: null }] },
      ],
    });
  });

  it('pass the session on from the first to the last, which the pull request serves', async () => {
    const headers = { 'x-dev-session': 'pr-4', traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
    const answer = await rig.send(PORTS['demo-fe'], { path: '/', headers });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('Session: pr-4');
    const { hops } = await rig.evidence(TRACE);
    expect(hops.map(({ service, caller, pod, header }) => [service, caller, pod, header])).toEqual([
      ['demo-fe', null, 'demo-fe-baseline-0', true],
      ['release-lifecycle-demo', 'demo-fe', 'release-lifecycle-demo-baseline-0', true],
      ['demo-api', 'release-lifecycle-demo', 'demo-api-pr-4-0', true],
    ]);
  });

  it('stop when they are told to', async () => {
    const port = await start('demo-api');
    expect((await rig.send(port, { path: '/healthz' })).status).toBe(200);
    const child = processes.pop();
    child?.kill('SIGTERM');
    const [code] = child === undefined ? [undefined] : await once(child, 'exit');
    expect(code).toBe(0);
  });
});
