/** Step resolve-stack against real repositories and a Kubernetes API over HTTP. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempForge, type StepRun, type TempForge } from '../src/testing/index.ts';
import { prepareEnv, pushStack } from './shop-stack.ts';
import { createStepRig, RUN, type StepRig } from './step-rig.ts';

const NAMES = [
  'app-list',
  'entry-app',
  'propagation-chain',
  'build-apps',
  'intercept-header-value',
  'resolved-versions',
];

let forge: TempForge;
let directory = '';
beforeAll(async () => {
  forge = await createTempForge();
  directory = await mkdtemp(join(tmpdir(), 'results-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await forge[Symbol.asyncDispose]();
});

async function resolve(rig: StepRig, env: Record<string, string> = {}): Promise<StepRun> {
  const paths = NAMES.map((name) => [
    `${name.toUpperCase().replaceAll('-', '_')}_RESULT`,
    join(directory, name),
  ]);
  return await rig.run('resolve-stack', { ...prepareEnv(rig), ...Object.fromEntries(paths), ...env });
}

async function readResults(): Promise<Record<string, string>> {
  const read = NAMES.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** `count` apps in a row, each with the longest name that there may be. */
const longStack = (count: number): string => {
  const nameOf = (index: number): string => `app-${index}`.padEnd(40, 'x');
  const apps = Array.from({ length: count }, (_, index) => {
    const downstream = index + 1 < count ? nameOf(index + 1) : '';
    return `  - { name: ${nameOf(index)}, repo: acme/api, role: middleware, build: { tool: none }, downstream: [${downstream}] }`;
  });
  return `name: long\napps:\n${apps.join('\n')}\n`;
};

describe('resolve-stack', () => {
  it('gives the results by their names, and the plan in the run record', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    const step = await resolve(rig, { VERSION_OVERRIDES: '{"web":"2.0.0"}', PR_REPOSITORY: '' });
    expect(step).toMatchObject({ code: 0, stderr: '' });
    const results = await readResults();
    expect(results).toMatchObject({
      'app-list': 'web mid api',
      'entry-app': 'web',
      'propagation-chain': 'web mid api',
      'build-apps': 'api',
      'intercept-header-value': expect.stringMatching(/^x-dev-session:pr-42-[0-9a-z]{6}$/),
    });
    expect(JSON.parse(results['resolved-versions'] ?? '')).toEqual({
      web: '2.0.0',
      mid: '0.1.0-rc.0',
      api: '0.3.0-rc.2',
    });
    expect(rig.record('plan.json')).toMatchObject({ mode: 'pr', repository: 'acme/api', pullRequest: 42 });
    expect(step.stdout).toContain('build-apps: api\n');
  });

  it('says what all apps would be without a change, and has no header without a pull request', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    expect(await resolve(rig, { CHANGED_APP: '', PR_NUMBER: '', PR_REPOSITORY: '' })).toMatchObject({
      code: 0,
    });
    expect(await readResults()).toMatchObject({ 'build-apps': 'web mid api', 'intercept-header-value': '' });
  });

  it('names the run record where a result is too long for Tekton', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig, longStack(40));
    expect(await resolve(rig, { CHANGED_APP: '', PR_REPOSITORY: 'acme/api' })).toMatchObject({ code: 0 });
    const results = await readResults();
    expect(results['resolved-versions']).toBe(`see plan.json of ConfigMap ${RUN}`);
    expect(results['entry-app']).toBe('app-0'.padEnd(40, 'x'));
    const message = Object.entries(results).map(([key, value]) => ({ key, value, type: 1 }));
    expect(JSON.stringify(message).length).toBeLessThan(3_700);
    expect(rig.record('plan.json')).toMatchObject({ order: { length: 40 } });
  });

  it('says every problem of the stack file with its line, and every reason for having no plan', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(
      rig,
      'name: bad\napps:\n  - { name: API, repo: acme/api, role: butler }\n  - { name: b }\n',
    );
    const bad = await resolve(rig);
    expect(bad.code).toBe(3);
    for (const place of ['shop.yaml:3:13', 'shop.yaml:3:40', 'shop.yaml:4:7'])
      expect(bad.stderr).toContain(place);
    await pushStack(rig);
    const unknown = await resolve(rig, { CHANGED_APP: 'nobody,webb' });
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toMatch(/error\[PLAN_IMPOSSIBLE\]: .*"nobody".*"webb".*did you mean "web"/);
  });
});
