import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createKubeClient,
  KubeUnreachableError,
  kinds,
  loadKubeConfig,
  type GenericObject,
  type KubeClient,
} from '@tekton-dag/kube';
import { createCliRig, type CliRig } from './cli-rig.ts';

let rig: CliRig;
let stateDir: string;
beforeAll(async () => {
  rig = await createCliRig();
  stateDir = join(rig.directory, 'state');
});
afterAll(async () => {
  await rig.run(['local', 'down', '--state-dir', stateDir]);
  await rig[Symbol.asyncDispose]();
});

const local = (command: string, ...more: string[]) =>
  rig.run(['local', command, '--state-dir', stateDir, ...more]);

async function connect(path: string): Promise<KubeClient> {
  const config = await loadKubeConfig({ env: {}, homeDir: rig.directory, path });
  if (!config.ok) throw new Error(config.error.message);
  return createKubeClient(config.value);
}

const step = (name: string, script: string): object => ({
  name,
  image: 'busybox',
  script: `#!/bin/sh\n${script}\n`,
});
const pipelineRun = (name: string, script: string): GenericObject => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'PipelineRun',
  metadata: { name },
  spec: {
    pipelineSpec: {
      tasks: [
        { name: 'first', taskSpec: { steps: [step('say', 'echo hello from $0')] } },
        { name: 'second', runAfter: ['first'], taskSpec: { steps: [step('act', script)] } },
      ],
    },
  },
});

describe('tekton-dag local', () => {
  it('says that nothing runs before it is started', async () => {
    expect(await local('status')).toMatchObject({ code: 4, stderr: '' });
    expect(await local('kubeconfig')).toMatchObject({ code: 4, stdout: '' });
    expect(await local('down')).toMatchObject({ code: 0, stderr: 'The local cluster does not run.\n' });
  });

  it('starts a cluster that outlives the command, and prints the line that sets KUBECONFIG', async () => {
    const up = await local('up', '--visible-path', rig.directory);
    expect(up).toMatchObject({ code: 0, stdout: `export KUBECONFIG=${stateDir}/kubeconfig\n` });
    const again = await local('up');
    expect(again).toMatchObject({ code: 0, stdout: up.stdout });
    expect(again.stderr).toContain('runs already');
    const status = await local('status', '-o', 'json');
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({ running: true, stateDir });
  });

  it('watches a real run succeed and prints its logs', async () => {
    const env = { KUBECONFIG: join(stateDir, 'kubeconfig') };
    await using client = await connect(env.KUBECONFIG);
    await client.resource(kinds.pipelineruns, 'default').create(pipelineRun('good', 'echo done'));
    const watch = await rig.run(['run', 'watch', 'good', '-n', 'default'], { env });
    expect(watch).toMatchObject({ code: 0, stderr: '' });
    expect(watch.stdout).toMatch(/first succeeded [\d.]+m?s\n[^]*second succeeded [\d.]+m?s\n/);
    const logs = await rig.run(['run', 'logs', 'good', '-n', 'default', '--task', 'second'], { env });
    expect(logs).toEqual({ code: 0, stdout: '[second act] done\n', stderr: '' });
  });

  it('follows the logs of a real run while it goes on', async () => {
    const env = { KUBECONFIG: join(stateDir, 'kubeconfig') };
    const gate = join(rig.directory, 'gate');
    await using client = await connect(env.KUBECONFIG);
    const script = `echo waiting; until [ -e ${gate} ]; do sleep 0.05; done; echo through`;
    await client.resource(kinds.pipelineruns, 'default').create(pipelineRun('gated', script));
    const logs = rig.start(['run', 'logs', '-f', 'gated', '-n', 'default', '--task', 'second'], { env });
    await expect.poll(() => logs.stdout(), { timeout: 40_000 }).toBe('[second act] waiting\n');
    await rig.file('gate', '');
    expect(await logs.exited).toEqual({
      code: 0,
      stdout: '[second act] waiting\n[second act] through\n',
      stderr: '',
    });
  });

  it('names the failing step of a real run and shows its last lines', async () => {
    const env = { KUBECONFIG: join(stateDir, 'kubeconfig') };
    await using client = await connect(env.KUBECONFIG);
    await client
      .resource(kinds.pipelineruns, 'default')
      .create(pipelineRun('bad', 'echo the reason; exit 7'));
    const watch = await rig.run(['run', 'watch', 'bad', '-n', 'default'], { env });
    expect(watch.code).toBe(1);
    expect(watch.stdout).toContain('step act of second exited with 7\n  | the reason\n');
  });

  it('stops it, and everything with it', async () => {
    await using client = await connect(join(stateDir, 'kubeconfig'));
    expect(await client.getText('/version')).toContain('gitVersion');
    expect(await local('down')).toMatchObject({ code: 0, stderr: 'The local cluster has stopped.\n' });
    await expect(client.getText('/version')).rejects.toBeInstanceOf(KubeUnreachableError);
    expect(await local('status')).toMatchObject({ code: 4 });
  });

  it('in the foreground ends with 130 on Ctrl-C', async () => {
    const up = rig.start(['local', 'up', '--foreground', '--state-dir', stateDir]);
    await expect.poll(() => up.stdout(), { timeout: 40_000 }).toContain('export KUBECONFIG=');
    up.child.kill('SIGINT');
    expect(await up.exited).toMatchObject({ code: 130 });
    expect(await local('status')).toMatchObject({ code: 4 });
  });

  it('interrupted while it starts leaves nothing running', async () => {
    const fresh = join(rig.directory, 'interrupted');
    const up = rig.start(['local', 'up', '--state-dir', fresh]);
    await expect
      .poll(() => existsSync(join(fresh, 'daemon.log')), { interval: 5, timeout: 40_000 })
      .toBe(true);
    up.child.kill('SIGINT');
    expect(await up.exited).toMatchObject({ code: 130, stdout: '' });
    const status = await rig.run(['local', 'status', '--state-dir', fresh]);
    expect(status.code).toBe(4);
    // Nobody holds the state: another cluster may start on it.
    const next = rig.start(['local', 'up', '--foreground', '--state-dir', fresh]);
    await expect.poll(() => next.stdout(), { timeout: 40_000 }).toContain('export KUBECONFIG=');
    next.child.kill('SIGTERM');
    expect(await next.exited).toMatchObject({ code: 0 });
  });

  it('exits 4 and names the port when it is taken', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => {
        const address = taken.address();
        resolve(address === null || typeof address === 'string' ? 0 : address.port);
      });
    });
    const outcome = await local('up', '--port', String(port));
    taken.close();
    expect(outcome).toMatchObject({ code: 4, stdout: '' });
    expect(outcome.stderr).toContain(`Port ${port} for the API is taken`);
  });

  it('exits 3 when the state directory cannot be made', async () => {
    const file = await rig.file('a-file', '');
    const outcome = await rig.run(['local', 'up', '--state-dir', join(file, 'state')]);
    expect(outcome).toMatchObject({ code: 3, stdout: '' });
    expect(outcome.stderr).toContain('cannot be made: ENOTDIR');
  });
});
