/** dagVerifyScenario: pipeline stack-dag-verify says of every shipped stack what the command line says. */

import { kinds } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { explainOutcome } from '../rig/explain-outcome.ts';
import type { RunOutcome } from '../rig/run-outcome.ts';
import type { OpenScenarioRig, ScenarioRig } from './scenario-rig.ts';

const STACKS = resolve(import.meta.dirname, '../../stacks');
const NO_STACKS = /^(registry|versions)\./;
const shipped = readdirSync(STACKS)
  .filter((file) => file.endsWith('.yaml') && !NO_STACKS.test(file))
  .map((file) => file.replace(/\.yaml$/, ''));

const planSchema = z.looseObject({
  order: z.array(z.string()),
  entries: z.array(z.string()),
  chain: z.array(z.string()),
  buildApps: z.array(z.looseObject({ app: z.string() })),
  versions: z.record(z.string(), z.string()),
  headerName: z.string(),
  session: z.string().optional(),
});
type PrintedPlan = z.infer<typeof planSchema>;

const listOf = (stdout: string): string => stdout.trim().split('\n').join(' ');

/** Registers the tests. */
export function dagVerifyScenario(open: OpenScenarioRig): void {
  let rig: ScenarioRig;

  async function pushShippedStacks(): Promise<void> {
    const files = shipped.map((stack) => `${stack}.yaml`).concat('versions.yaml');
    const read = files.map(
      async (file) => [`stacks/${file}`, await readFile(join(STACKS, file), 'utf8')] as const,
    );
    await rig.pushPlatform(Object.fromEntries(await Promise.all(read)));
  }

  async function cli(...args: string[]): Promise<string> {
    const done = await rig.cli(...args);
    expect(done, done.stderr).toMatchObject({ exitCode: 0 });
    return done.stdout;
  }

  async function planOf(stack: string, ...args: string[]): Promise<PrintedPlan> {
    const file = `stacks/${stack}.yaml`;
    const printed = await cli(
      'stack',
      'plan',
      file,
      '--versions',
      'stacks/versions.yaml',
      '-o',
      'json',
      ...args,
    );
    return planSchema.parse(JSON.parse(printed));
  }

  async function resultsOf({ name }: RunOutcome): Promise<Record<string, unknown>> {
    const run = await rig.client.resource<PipelineRun>(kinds.pipelineruns, rig.namespace).get(name);
    return Object.fromEntries((run?.status?.results ?? []).map((result) => [result.name, result.value]));
  }

  async function verify(stack: string, ...args: string[]): Promise<Record<string, unknown>> {
    const run = await rig.run('verify', stack, ...args);
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    expect(run.taskRuns).toHaveLength(1);
    return await resultsOf(run);
  }

  const resultsOfPlan = (plan: PrintedPlan): object => ({
    'app-list': plan.order.join(' '),
    'entry-app': plan.entries[0],
    'propagation-chain': plan.chain.join(' '),
    'build-apps': plan.buildApps.map(({ app }) => app).join(' '),
    'intercept-header-value': plan.session === undefined ? '' : `${plan.headerName}:${plan.session}`,
    'resolved-versions': JSON.stringify(plan.versions),
    'platform-revision': expect.stringMatching(/^[0-9a-f]{40}$/),
  });

  beforeAll(async () => {
    rig = await open();
    await pushShippedStacks();
  });
  afterAll(async () => await rig[Symbol.asyncDispose]());

  describe('stack-dag-verify', () => {
    it.each(shipped)('says of %s what stack graph and stack plan say', async (stack) => {
      const file = `stacks/${stack}.yaml`;
      const order = listOf(await cli('stack', 'graph', file, '--topo'));
      const [entry = ''] = listOf(await cli('stack', 'graph', file, '--entry')).split(' ');
      const changed = order.split(' ').at(-1) ?? '';
      const overrides = ['--version-overrides', JSON.stringify({ [changed]: '9.9.9' })];
      const change = ['--app', changed, '--pr', '42', ...overrides];
      const results = await verify(stack, ...change);
      expect(results).toMatchObject({ 'app-list': order, 'entry-app': entry, 'build-apps': changed });
      expect(results['propagation-chain']).toBe(listOf(await cli('stack', 'graph', file, '--chain', entry)));
      expect(results).toEqual(resultsOfPlan(await planOf(stack, ...change)));
    });

    it('says what a change of all apps without a pull request would be', async () => {
      const results = await verify('stack-two-vendor');
      expect(results).toEqual(resultsOfPlan(await planOf('stack-two-vendor', '--mode', 'merge')));
    });

    it('carries the results of 40 apps', async () => {
      const nameOf = (index: number): string => `service-of-team-${index}`;
      const names = Array.from({ length: 40 }, (_, index) => nameOf(index));
      const apps = names.map((name, index) => [name, { downstream: names.slice(index + 1, index + 2) }]);
      await rig.writeStack({ name: 'wide', apps: Object.fromEntries(apps) });
      const results = await verify('wide', '--app', nameOf(39), '--pr', '7');
      expect(results).toEqual(resultsOfPlan(await planOf('wide', '--app', nameOf(39), '--pr', '7')));
    });

    it('names the run record for the results that Tekton cannot carry', async () => {
      const names = Array.from({ length: 40 }, (_, index) => `service-${index}`.padEnd(40, 'x'));
      await rig.writeStack({ name: 'long', apps: Object.fromEntries(names.map((name) => [name, {}])) });
      const run = await rig.run('verify', 'long');
      expect(run.succeeded, explainOutcome(run)).toBe(true);
      const pointer = `see plan.json of ConfigMap ${run.name}`;
      expect(await resultsOf(run)).toMatchObject({ 'entry-app': names[0], 'resolved-versions': pointer });
      const plan = planSchema.parse(JSON.parse(run.record['plan.json'] ?? ''));
      expect(plan.order.toSorted()).toEqual(names.toSorted());
    });

    it('fails with every problem of the stack file and where it is', async () => {
      const text = 'name: bad\napps:\n  - { name: API, repo: acme/api, role: butler }\n  - { name: b }\n';
      await rig.pushPlatform({ 'stacks/bad.yaml': text });
      const run = await rig.run('verify', 'stack-one', '--stack-file', 'stacks/bad.yaml');
      expect(run).toMatchObject({ succeeded: false, record: {} });
      const said = await cli('run', 'logs', run.name, '-n', rig.namespace);
      for (const place of ['3:13', '3:40', '4:7']) expect(said).toContain(`stacks/bad.yaml:${place}: `);
      expect(said).toContain('error[PLATFORM_FILE_INVALID]');
    });
  });
}
