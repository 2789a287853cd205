/** Step prepare-continue against a real registry and a Kubernetes API over HTTP: what is taken over, what is refused. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds } from '@tekton-dag/kube';
import { parsePlan, type Plan } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempForge, type StepRun, type TempForge } from '../src/testing/index.ts';
import { prepareEnv, pushStack } from './shop-stack.ts';
import { startBuildController } from './start-build-controller.ts';
import { createStepRig, PIPELINE_RUNS, RUN, RUNS, type StepRig } from './step-rig.ts';

const NEXT = 'stack-continue-42-abcd1234';
const CONFIG_MAPS = '/api/v1/namespaces/runs/configmaps';

let forge: TempForge;
let results = '';
beforeAll(async () => {
  forge = await createTempForge();
  results = await mkdtemp(join(tmpdir(), 'results-'));
});
afterAll(async () => {
  await rm(results, { recursive: true });
  await forge[Symbol.asyncDispose]();
});

interface Ended {
  readonly name?: string;
  readonly status?: string;
  readonly mode?: string;
  /** Pipeline tasks that it came to. */
  readonly tasks?: readonly string[];
  readonly params?: readonly { readonly name: string; readonly value: string }[];
}

function putRun(
  rig: StepRig,
  { name = RUN, status = 'False', mode = 'pr', tasks = [], params }: Ended,
): void {
  rig.api.put(PIPELINE_RUNS, {
    metadata: { name, namespace: RUNS, uid: `uid-of-${name}`, labels: { 'tekton-dag.io/mode': mode } },
    spec: { pipelineRef: { name: 'stack-pr-test' }, ...(params === undefined ? {} : { params }) },
    status: {
      conditions: [{ type: 'Succeeded', status, reason: 'x' }],
      childReferences: tasks.map((task) => ({ name: `${name}-${task}`, pipelineTaskName: task })),
    },
  });
}

/** A run that planned all apps and built `built`, which the registry has. */
async function failRun(rig: StepRig, built: readonly string[], tasks: readonly string[]): Promise<Plan> {
  await pushStack(rig);
  expect(await rig.run('prepare', prepareEnv(rig, { CHANGED_APP: '' }))).toMatchObject({ code: 0 });
  const plan = parsePlan(JSON.stringify(rig.record('plan.json')));
  if (!plan.ok) throw new Error(plan.error.message);
  const images = plan.value.buildApps
    .filter(({ app }) => built.includes(app))
    .map(({ app, image, contentKey }) => {
      const manifest = Buffer.from(`{"schemaVersion":2,"annotations":{"app":"${app}"}}`);
      const mediaType = 'application/vnd.oci.image.manifest.v1+json';
      const digest = rig.registry.seedManifest(`team/${app}`, `c-${contentKey}`, manifest, mediaType);
      return [app, { image, digest, contentKey, reused: false }] as const;
    });
  const data = { 'images.json': JSON.stringify(Object.fromEntries(images)) };
  await rig.client.resource(kinds.configmaps, RUNS).patch(RUN, { data }, { type: 'merge' });
  putRun(rig, { tasks });
  return plan.value;
}

interface Continued extends StepRun {
  readonly restartAt: string;
  readonly backend: string;
  readonly record: Readonly<Record<string, unknown>>;
}

async function continueRun(rig: StepRig, from = RUN, env: Record<string, string> = {}): Promise<Continued> {
  const [restartAt, backend] = [join(results, 'restart-at'), join(results, 'backend')];
  const name = env['RUN_NAME'] ?? NEXT;
  const step = await rig.run('prepare-continue', {
    RUN_NAME: name,
    RUN_UID: `uid-of-${name}`,
    CONTINUE_FROM: from,
    RESTART_AT_RESULT: restartAt,
    INTERCEPT_BACKEND_RESULT: backend,
    ...env,
  });
  const data = Object(rig.api.get(CONFIG_MAPS, name)?.['data']);
  const record = Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, JSON.parse(String(text))]),
  );
  if (step.code !== 0) return { ...step, restartAt: '', backend: '', record };
  const [at, chosen] = await Promise.all([readFile(restartAt, 'utf8'), readFile(backend, 'utf8')]);
  return { ...step, restartAt: at, backend: chosen, record };
}

const ALL = ['web', 'mid', 'api'];

describe('prepare-continue', () => {
  it('takes plan and images over into a record that the new run owns', async () => {
    await using rig = await createStepRig(forge);
    const plan = await failRun(rig, ALL, ['prepare', 'build', 'deploy-intercepts-gateway', 'test']);
    const step = await continueRun(rig);
    expect(step).toMatchObject({ code: 0, stderr: '', restartAt: 'test', backend: 'gateway' });
    const buildApps = plan.buildApps.map((build) => ({ ...build, tags: [`c-${build.contentKey}`, NEXT] }));
    expect(step.record['plan.json']).toEqual({ ...plan, buildApps });
    expect(Object.keys(Object(step.record['images.json'])).toSorted()).toEqual(ALL.toSorted());
    expect(step.record['continued.json']).toEqual({ from: RUN, restartAt: 'test' });
    expect(rig.api.get(CONFIG_MAPS, NEXT)?.metadata).toMatchObject({
      labels: { 'tekton-dag.io/mode': 'continue', 'tekton-dag.io/session': plan.session },
      ownerReferences: [{ kind: 'PipelineRun', name: NEXT, uid: `uid-of-${NEXT}` }],
    });
  });

  it('lets only what is missing be built', async () => {
    await using rig = await createStepRig(forge);
    await failRun(rig, ['web', 'api'], ['prepare', 'build']);
    putRun(rig, { name: NEXT, status: 'Unknown', mode: 'continue' });
    const step = await continueRun(rig);
    expect(step).toMatchObject({ code: 0, restartAt: 'build' });
    const builds = startBuildController(rig, { auto: true });
    const built = await rig.run('build', { RUN_NAME: NEXT });
    expect(built).toMatchObject({ code: 0 });
    expect(built.stdout).toMatch(/^web: kept /m);
    expect(builds.started).toEqual(['mid']);
  });

  it('has an image built again that the registry has lost', async () => {
    await using rig = await createStepRig(forge);
    const plan = await failRun(rig, ALL, ['prepare', 'build', 'deploy-intercepts-gateway', 'test']);
    const [gone] = plan.buildApps;
    const images = Object(rig.record('images.json'));
    images[gone?.app ?? ''].digest = `sha256:${'0'.repeat(64)}`;
    const data = { 'images.json': JSON.stringify(images) };
    await rig.client.resource(kinds.configmaps, RUNS).patch(RUN, { data }, { type: 'merge' });
    const step = await continueRun(rig);
    expect(step).toMatchObject({ code: 0, restartAt: 'build' });
    expect(Object.keys(Object(step.record['images.json']))).not.toContain(gone?.app);
    expect(step.stdout).toContain(`${gone?.app}: to build at ${gone?.revision}`);
  });

  it('continues a run that continued another, at least where that one began', async () => {
    await using rig = await createStepRig(forge);
    await failRun(rig, ALL, ['prepare', 'build', 'deploy-intercepts-gateway', 'test']);
    await continueRun(rig);
    putRun(rig, { name: NEXT, mode: 'continue', tasks: ['prepare'] });
    const again = await continueRun(rig, NEXT, { RUN_NAME: 'stack-continue-42-third' });
    expect(again).toMatchObject({ code: 0, restartAt: 'test' });
    expect(again.record['continued.json']).toEqual({ from: NEXT, restartAt: 'test' });
  });

  it('takes another backend when asked, and refuses one that it does not know', async () => {
    await using rig = await createStepRig(forge);
    await failRun(rig, ALL, ['prepare', 'build', 'deploy-intercepts-gateway']);
    const other = await continueRun(rig, RUN, { INTERCEPT_BACKEND: 'mirrord' });
    expect(other).toMatchObject({ code: 0, restartAt: 'deploy', backend: 'mirrord' });
    expect(other.record['plan.json']).toMatchObject({ interceptBackend: 'mirrord' });
    const bad = await continueRun(rig, RUN, { RUN_NAME: 'bad', INTERCEPT_BACKEND: 'pigeon' });
    expect(bad).toMatchObject({ code: 3, record: {} });
    expect(bad.stderr).toContain('unknown backend "pigeon" (use one of: ');
  });

  it.each<[string, Ended, string]>([
    ['has not ended', { status: 'Unknown' }, `run ${RUN} has not ended yet (wait for its end, or cancel it)`],
    ['has succeeded', { status: 'True' }, `run ${RUN} has succeeded (there is nothing to continue)`],
    [
      'is of another mode',
      { mode: 'bootstrap' },
      `run ${RUN} is of mode bootstrap (only runs of pull requests`,
    ],
    [
      'left no record',
      {},
      `run ${RUN} left no plan: its run record is gone, or it never made one (start a new`,
    ],
    [
      'continued another and left no record',
      { mode: 'continue', params: [{ name: 'continue-from', value: 'first' }] },
      'or it never made one (continue first again)',
    ],
  ])('refuses a run that %s', async (_what, ended, said) => {
    await using rig = await createStepRig(forge);
    putRun(rig, ended);
    const step = await continueRun(rig);
    expect(step).toMatchObject({ code: 3, stdout: '', record: {} });
    expect(step.stderr).toContain(`error[CONTINUE_REFUSED]: continue-from: `);
    expect(step.stderr).toContain(said);
  });

  it('refuses a run that does not exist, and a record that it cannot read', async () => {
    await using rig = await createStepRig(forge);
    const nobody = await continueRun(rig, 'nobody');
    expect(nobody).toMatchObject({ code: 3 });
    expect(nobody.stderr).toContain(
      'there is no run nobody in namespace runs (it has to be in the namespace',
    );
    await failRun(rig, [], ['prepare', 'build']);
    const data = { 'plan.json': '{"mode":"pr"}' };
    await rig.client.resource(kinds.configmaps, RUNS).patch(RUN, { data }, { type: 'merge' });
    const unreadable = await continueRun(rig);
    expect(unreadable).toMatchObject({ code: 3 });
    expect(unreadable.stderr).toMatch(/plan\.json of run record \S+ cannot be read: .*\(start a new run\)/);
  });
});
