import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCliRig, kubeconfigFor, type CliRig } from './cli-rig.ts';

const RUNS = '/apis/tekton.dev/v1/namespaces/ci/pipelineruns';
const TASK_RUNS = '/apis/tekton.dev/v1/namespaces/ci/taskruns';
const PODS = '/api/v1/namespaces/ci/pods';
const MAPS = '/api/v1/namespaces/ci/configmaps';

let rig: CliRig;
let api: FakeApiServer;
let cluster: { env: { KUBECONFIG: string } };

beforeEach(async () => {
  rig = await createCliRig();
  api = await startFakeApiServer();
  cluster = { env: { KUBECONFIG: await rig.file('kubeconfig', kubeconfigFor(api.url)) } };
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const succeeded = (status: string, reason: string, message = ''): object[] => [
  { type: 'Succeeded', status, reason, message },
];

function putRun(name: string, conditions: object[], more: object = {}): void {
  api.put(RUNS, {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: {
      name,
      creationTimestamp: '2026-01-02T03:00:00Z',
      labels: {
        'tekton-dag.io/mode': 'pr',
        'tekton-dag.io/stack': 'stack-one',
        'tekton-dag.io/app': 'demo-api',
        'tekton-dag.io/pull-request': '42',
        'tekton-dag.io/team': 'default',
      },
    },
    spec: {},
    status: {
      startTime: '2026-01-02T03:00:00Z',
      pipelineSpec: { tasks: [{ name: 'prepare' }, { name: 'verify' }], finally: [{ name: 'cleanup' }] },
      conditions,
      ...more,
    },
  });
}

function putTaskRun(run: string, task: string, conditions: object[], steps: object[] = []): void {
  api.put(TASK_RUNS, {
    metadata: {
      name: `${run}-${task}`,
      labels: { 'tekton.dev/pipelineRun': run, 'tekton.dev/pipelineTask': task, 'tekton-dag.io/run': run },
    },
    spec: {},
    status: {
      conditions,
      steps,
      podName: `${run}-${task}-pod`,
      startTime: '2026-01-02T03:00:00Z',
      completionTime: '2026-01-02T03:00:04Z',
    },
  });
}

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { timeout: 40_000, interval: 10 }).toBe(true);

describe('tekton-dag run list and get', () => {
  it('print runs as a table, as names and as JSON', async () => {
    putRun('r1', succeeded('True', 'Completed'), { completionTime: '2026-01-02T03:00:12Z' });
    const table = await rig.run(['run', 'list'], cluster);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    const [head = '', row = ''] = table.stdout.split('\n');
    expect(head).toMatch(/^NAME +MODE +STACK +APP +PR +STATUS +AGE +DURATION$/);
    expect(row).toMatch(/^r1 +pr +stack-one +demo-api +42 +succeeded +\d+\w+ +12.0s$/);
    expect((await rig.run(['run', 'get', 'r1', '-o', 'name'], cluster)).stdout).toBe(
      'pipelinerun.tekton.dev/r1\n',
    );
    const json = await rig.run(['run', 'list', '-A', '-o', 'json'], cluster);
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'List', items: [{ metadata: { name: 'r1' } }] });
  });

  it('ask the server only for the runs that are wanted', async () => {
    await rig.run(['run', 'list', '--team', 'payments', '--pr', '7', '-n', 'other'], cluster);
    expect(api.requests[0]).toMatchObject({ path: '/apis/tekton.dev/v1/namespaces/other/pipelineruns' });
    expect(api.requests[0]?.query.get('labelSelector')).toBe(
      'tekton-dag.io/team=payments,tekton-dag.io/pull-request=7',
    );
  });

  it('say on stderr that there is nothing, and keep stdout empty', async () => {
    expect(await rig.run(['run', 'list'], cluster)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No runs found in namespace ci.\n',
    });
  });

  it('exit 3 for a run that does not exist', async () => {
    expect(await rig.run(['run', 'get', 'ghost'], cluster)).toEqual({
      code: 3,
      stdout: '',
      stderr: 'error: there is no run ghost in namespace ci\nhint: list runs with `tekton-dag run list -A`\n',
    });
  });
});

describe('a cluster that cannot be used', () => {
  it('gives exit code 4 and one line of explanation when nobody listens', async () => {
    await api[Symbol.asyncDispose]();
    const outcome = await rig.run(['run', 'list'], cluster);
    expect(outcome).toMatchObject({ code: 4, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: the cluster cannot be reached: .*ECONNREFUSED.*\nhint: .*\n$/);
  });

  it('gives exit code 4 when there is no kubeconfig, and when the API refuses', async () => {
    const none = await rig.run(['run', 'list']);
    expect(none.code).toBe(4);
    expect(none.stderr).toContain('no kubeconfig at');
    api.failNext({ status: 403, reason: 'Forbidden' });
    const refused = await rig.run(['run', 'list'], cluster);
    expect(refused).toMatchObject({ code: 4, stderr: 'error: the cluster refused: refused: Forbidden\n' });
  });

  it('gives exit code 3 for a kubeconfig that is none', async () => {
    const path = await rig.file('rubbish', 'a: [');
    const outcome = await rig.run(['run', 'list', '--kubeconfig', path]);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain('is not a kubeconfig');
  });
});

describe('tekton-dag run watch', () => {
  it('appends each change once when stdout is no terminal, and exits 0 when the run succeeds', async () => {
    putRun('r1', succeeded('Unknown', 'Running'));
    const watch = rig.start(['run', 'watch', 'r1'], cluster);
    await until(() => watch.stdout().includes('r1 running\n'));
    putTaskRun('r1', 'prepare', succeeded('True', 'Succeeded'));
    await until(() => watch.stdout().includes('prepare succeeded 4.0s\n'));
    putRun('r1', succeeded('True', 'Completed'), { completionTime: '2026-01-02T03:00:05Z' });
    expect(await watch.exited).toEqual({
      code: 0,
      stdout: 'r1 running\nprepare succeeded 4.0s\nr1 succeeded 5.0s (Completed)\n',
      stderr: '',
    });
  });

  it('explains a failed run by step, last lines and lost edge, and exits 1', async () => {
    const steps = [{ name: 'verify', container: 'step-verify', terminated: { exitCode: 1 } }];
    putTaskRun('r1', 'verify', succeeded('False', 'Failed'), steps);
    api.put(PODS, { metadata: { name: 'r1-verify-pod' } });
    api.setLog(`${PODS}/r1-verify-pod`, 'asking demo-fe\nthe header is gone\n');
    const edge = {
      caller: 'release-lifecycle-demo',
      callee: 'demo-api',
      verdict: 'failed',
      detail: 'no header',
    };
    const propagation = { verdict: 'failed', session: 'pr-1-aaaaaa', traceIds: [], edges: [edge], apps: [] };
    api.put(MAPS, { metadata: { name: 'r1' }, data: { 'propagation.json': JSON.stringify(propagation) } });
    putRun('r1', succeeded('False', 'Failed', 'Tasks Completed: 2'), {
      completionTime: '2026-01-02T03:00:05Z',
    });
    const outcome = await rig.run(['run', 'watch', 'r1'], cluster);
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toBe(
      'verify failed 4.0s (Failed)\n' +
        'r1 failed 5.0s (Failed)\n' +
        '\nFailed: Tasks Completed: 2\n' +
        'step verify of verify exited with 1\n' +
        '  | asking demo-fe\n' +
        '  | the header is gone\n' +
        'session lost on release-lifecycle-demo -> demo-api: no header\n',
    );
    expect(api.requests.some(({ query }) => query.get('container') === 'step-verify')).toBe(true);
  });

  it('goes on through a cut connection', async () => {
    putRun('r1', succeeded('Unknown', 'Running'));
    const watch = rig.start(['run', 'watch', 'r1'], cluster);
    await until(() => api.openWatches === 3);
    api.cutWatches();
    putRun('r1', succeeded('True', 'Succeeded'));
    expect(await watch.exited).toMatchObject({ code: 0 });
  });

  it('ends with 130 on Ctrl-C and leaves the run alone', async () => {
    putRun('r1', succeeded('Unknown', 'Running'));
    const watch = rig.start(['run', 'watch', 'r1'], cluster);
    await until(() => watch.stdout().includes('r1 running\n'));
    watch.child.kill('SIGINT');
    expect(await watch.exited).toMatchObject({ code: 130 });
    expect(api.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('exits 1 when the run is deleted', async () => {
    putRun('r1', succeeded('Unknown', 'Running'));
    const watch = rig.start(['run', 'watch', 'r1'], cluster);
    await until(() => watch.stdout().includes('r1 running\n'));
    api.remove(RUNS, 'r1');
    expect(await watch.exited).toMatchObject({ code: 1, stderr: 'error: the run r1 was deleted\n' });
  });
});

describe('tekton-dag run logs', () => {
  it('prints the steps of the tasks that are wanted, each line with where it is from', async () => {
    const steps = [
      { name: 'clone', container: 'step-clone', terminated: { exitCode: 0 } },
      { name: 'plan', container: 'step-plan', terminated: { exitCode: 0 } },
    ];
    putRun('r1', succeeded('True', 'Succeeded'));
    putTaskRun('r1', 'prepare', succeeded('True', 'Succeeded'), steps);
    putTaskRun('r1', 'cleanup', succeeded('True', 'Succeeded'), [
      { name: 'gone', terminated: { exitCode: 0 } },
    ]);
    api.put(PODS, { metadata: { name: 'r1-prepare-pod' } });
    api.setLog(`${PODS}/r1-prepare-pod`, 'one\ntwo\n');
    const all = await rig.run(['run', 'logs', 'r1'], cluster);
    expect(all.code).toBe(0);
    expect(all.stdout).toContain('[prepare clone] one\n[prepare clone] two\n[prepare plan] one\n');
    expect(all.stderr).toContain('no log of cleanup gone');
    const one = await rig.run(['run', 'logs', 'r1', '--task', 'prepare', '--step', 'plan'], cluster);
    expect(one).toEqual({ code: 0, stdout: '[prepare plan] one\n[prepare plan] two\n', stderr: '' });
  });
});

describe('tekton-dag run cancel', () => {
  it('asks Tekton to end the run and still clean up', async () => {
    putRun('r1', succeeded('Unknown', 'Running'));
    const outcome = await rig.run(['run', 'cancel', 'r1'], cluster);
    expect(outcome).toEqual({ code: 0, stdout: 'pipelinerun.tekton.dev/r1 cancelled\n', stderr: '' });
    expect(api.get(RUNS, 'r1')).toMatchObject({ spec: { status: 'CancelledRunFinally' } });
    await rig.run(['run', 'cancel', 'r1', '--now'], cluster);
    expect(api.get(RUNS, 'r1')).toMatchObject({ spec: { status: 'Cancelled' } });
  });

  it('leaves a run that is done as it is', async () => {
    putRun('r1', succeeded('False', 'Failed'));
    const outcome = await rig.run(['run', 'cancel', 'r1'], cluster);
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: 'r1 is failed already.\n' });
  });
});

describe('tekton-dag run repeat', () => {
  const sha = 'a'.repeat(40);
  const annotations = {
    'tekton-dag.io/catalog-url': 'https://git.example/catalog',
    'tekton-dag.io/catalog-revision': 'c'.repeat(40),
    'tekton-dag.io/catalog-digest': `sha256:${'d'.repeat(64)}`,
  };
  const labels = { 'tekton-dag.io/mode': 'verify' };
  const ended = { results: [{ name: 'platform-revision', value: sha }] };
  const dryRun = () => rig.run(['run', 'repeat', 'r1', '--dry-run'], cluster);
  const putPipeline = (notes: Record<string, string>): void => {
    const path = RUNS.replace('pipelineruns', 'pipelines');
    const metadata = { name: 'stack-dag-verify', annotations: notes };
    api.put(path, { apiVersion: 'tekton.dev/v1', kind: 'Pipeline', metadata });
  };
  const putNoted = (notes: Record<string, string> = annotations): void => {
    putRun('r1', succeeded('True', 'Succeeded'), ended);
    const run = api.get(RUNS, 'r1') ?? {};
    api.put(RUNS, {
      ...run,
      metadata: { ...run.metadata, labels, annotations: notes },
      spec: { pipelineRef: { name: 'stack-dag-verify' }, params: [{ name: 'git-revision', value: 'main' }] },
    });
  };

  it('fetches the catalog of the run when another one is installed', async () => {
    putNoted();
    putPipeline({ 'tekton-dag.io/catalog-digest': `sha256:${'e'.repeat(64)}` });
    const { code, stdout } = await dryRun();
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('resolver: git') });
    expect(stdout).toContain(`name: git-revision\n      value: ${sha}`);
    expect(stdout).toContain('tekton-dag.io/repeats: r1');
  });

  it('takes the installed one while it is the same', async () => {
    putNoted();
    putPipeline(annotations);
    const { stdout } = await dryRun();
    expect(stdout).toContain('pipelineRef:\n    name: stack-dag-verify');
    expect(stdout).not.toContain('resolver');
  });

  it('refuses what was not recorded, and says what was', async () => {
    putNoted({});
    const { code, stderr } = await dryRun();
    expect(code).toBe(3);
    expect(stderr).toContain('does not say repository and commit of its tasks and pipelines');
    expect(stderr).toContain('it was made of platform aaaaaaaaaaaa');
  });
});

const STACK = `name: shop
apps:
  - name: api
    repo: git.example/acme/api
    role: standalone
    build: { tool: npm }
`;
const PLATFORM = [
  '--registry',
  'reg.example',
  '--git-url',
  'https://git.example/p',
  '--git-revision',
  'main',
];
const CHANGE = ['--app', 'api', '--pr', '7', '--sha', 'a'.repeat(40)];

describe('tekton-dag run create', () => {
  it('creates the run once however often it is asked, and prints its name', async () => {
    await rig.file('shop.yaml', STACK);
    const args = ['run', 'create', '--stack', 'shop.yaml', ...CHANGE, ...PLATFORM];
    const first = await rig.run(args, cluster);
    const second = await rig.run(args, cluster);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^pipelinerun\.tekton\.dev\/stack-pr-7-\w{8}\n$/);
    expect(second).toMatchObject({ code: 0, stdout: first.stdout });
    expect(second.stderr).toContain('exists already');
    const name = first.stdout.trim().split('/')[1] ?? '';
    expect(api.get(RUNS, name)).toMatchObject({
      metadata: { annotations: { 'tekton-dag.io/repository': 'acme/api' } },
      spec: { pipelineRef: { name: 'stack-pr-test' } },
    });
  });

  it('with --new-attempt makes another run, and with --results prints what it found', async () => {
    await rig.file('shop.yaml', STACK);
    const args = ['run', 'create', '--mode', 'verify', '--stack', 'shop.yaml', ...PLATFORM];
    const first = await rig.run(args, cluster);
    const again = rig.start([...args, '--new-attempt', '--watch', '--results'], cluster);
    await until(() => again.stdout().includes('pipelinerun.tekton.dev/'));
    const name = /stack-verify-\w{8}/.exec(again.stdout())?.[0] ?? '';
    expect(first.stdout).not.toContain(name);
    const results = [
      { name: 'entry-app', value: 'web' },
      { name: 'apps', value: ['web', 'api'] },
    ];
    putRun(name, succeeded('True', 'Completed'), { results });
    const { code, stdout } = await again.exited;
    expect({ code, lines: stdout.split('\n').slice(-3) }).toEqual({
      code: 0,
      lines: ['entry-app: web', 'apps: ["web","api"]', ''],
    });
  });

  it('with --dry-run prints the object and asks no cluster', async () => {
    await rig.file('shop.yaml', STACK);
    const args = ['run', 'create', '--mode', 'bootstrap', '--stack', 'shop.yaml', ...PLATFORM, '--dry-run'];
    const outcome = await rig.run([...args, '-o', 'json', '--apps', 'api', '--force-rebuild']);
    expect(outcome.code).toBe(0);
    const params: { name: string; value: string }[] = JSON.parse(outcome.stdout).spec.params;
    expect(Object.fromEntries(params.map(({ name, value }) => [name, value]))).toEqual({
      apps: 'api',
      'force-rebuild': 'true',
      'git-revision': 'main',
      'git-url': 'https://git.example/p',
      'image-registry': 'reg.example',
      'stack-file': 'shop.yaml',
    });
  });

  it.each([
    [[...PLATFORM], 2, '--mode pr needs --app'],
    [[...CHANGE], 2, 'the run needs git-url, git-revision, image-registry'],
    [[...PLATFORM, ...CHANGE, '--param', 'oops'], 2, '--param takes name=value, not "oops"'],
    [[...PLATFORM, ...CHANGE, '--app', 'ghost'], 3, 'shop.yaml has no app ghost'],
    [[...PLATFORM, ...CHANGE, '--backend', 'gatway'], 3, 'unknown backend "gatway"; did you mean "gateway"?'],
    [[...PLATFORM, '--mode', 'bootstrap', '--apps', 'apy'], 3, 'did you mean "api"?'],
    [[...PLATFORM, ...CHANGE, '--version-overrides', '{"api":"x"}'], 3, 'version-overrides: api: "x"'],
    [[...PLATFORM, ...CHANGE, '--param', 'changd-app=api'], 2, 'did you mean changed-app?'],
    [[...PLATFORM, ...CHANGE, '--catalog-url', 'https://git.example/c'], 2, 'both its URL and its commit'],
  ])('refuses %j with exit code %i', async (args, code, message) => {
    await rig.file('shop.yaml', STACK);
    const outcome = await rig.run(['run', 'create', '--stack', 'shop.yaml', '--dry-run', ...args]);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(message);
  });
});

describe('run rerun', () => {
  const specOf = async (): Promise<string> => {
    const shown = await rig.run(['run', 'rerun', 'failed', '-n', 'ci', '--dry-run'], cluster);
    expect(shown, shown.stderr).toMatchObject({ code: 0 });
    return shown.stdout;
  };

  it('holds the new run back when an orchestrator made the failed one, which lets it go', async () => {
    putRun('failed', succeeded('False', 'Failed'));
    expect(await specOf()).not.toContain('PipelineRunPending');
    const failed = api.get(RUNS, 'failed') ?? {};
    api.put(RUNS, {
      ...failed,
      metadata: { ...failed.metadata, annotations: { 'tekton-dag.io/attempt': '1' } },
    });
    expect(await specOf()).toContain('status: PipelineRunPending');
  });
});
