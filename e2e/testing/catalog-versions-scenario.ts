/** catalogVersionsScenario: runs of a pinned catalog use its commit and no other, say so, and can be repeated with it. */

import { kinds } from '@tekton-dag/kube';
import { parseRunProvenance, type PipelineRun, type TaskRun } from '@tekton-dag/model';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { explainOutcome } from '../rig/explain-outcome.ts';
import { findProgram } from '../chart/rig/find-program.ts';
import { runOrThrow } from '../cluster/rig/run-on-cluster.ts';
import { markedCatalog } from '../rig/marked-catalog.ts';
import { OWNER } from '../rig/render-stack.ts';
import type { RunOutcome } from '../rig/run-outcome.ts';
import type { ForgeRig } from './scenario-rig.ts';

const CATALOG = `${OWNER}/catalog`;
const STACK = { name: 'shop', apps: { front: { downstream: ['back'] }, back: {} } };

const hasKubectl = findProgram('kubectl') !== undefined;

const refSourceSchema = z.object({ refSource: z.object({ digest: z.object({ sha1: z.string() }) }) });

/** Registers the tests. */
export function catalogVersionsScenario(open: () => Promise<ForgeRig>): void {
  let rig: ForgeRig;
  let first: string;
  let second: string;

  async function cli(...args: string[]): Promise<string> {
    const done = await rig.cli(...args, '-n', rig.namespace);
    expect(done, done.stderr).toMatchObject({ exitCode: 0 });
    return done.stdout;
  }

  const pinned = (): string[] => ['--catalog-url', rig.forge.urlOf(CATALOG), '--catalog-revision', first];

  const readRun = async (name: string): Promise<PipelineRun> => {
    const run = await rig.client.resource<PipelineRun>(kinds.pipelineruns, rig.namespace).get(name);
    if (run === undefined) throw new Error(`there is no run ${name}`);
    return run;
  };

  const paramsOf = ({ spec }: PipelineRun): Record<string, unknown> =>
    Object.fromEntries((spec.params ?? []).map(({ name, value }) => [name, value]));

  const marksOf = (taskRuns: readonly TaskRun[]): string[] => [
    ...new Set(taskRuns.map(({ status }) => status?.taskSpec?.description ?? '(none)')),
  ];

  function expectSuccess(run: RunOutcome): void {
    expect(run.succeeded, explainOutcome(run)).toBe(true);
  }

  async function repeat(name: string): Promise<RunOutcome> {
    const printed = await cli('run', 'repeat', name);
    const again = await rig.finish(printed.trim().replace(/^.*\//, ''));
    expectSuccess(again);
    return again;
  }

  /** Makes the installed catalog that of the forge as it is now. */
  async function applyHead(): Promise<void> {
    const work = join(rig.forge.directory, 'work', CATALOG);
    await rig.forge.git(['remote', 'set-url', 'origin', rig.forge.urlOf(CATALOG)], work);
    await cli('catalog', 'apply', '--checkout', work);
  }

  beforeAll(async () => {
    rig = await open();
    await rig.writeStack(STACK);
    for (const app of Object.keys(STACK.apps)) await rig.pushApp(app);
    first = await rig.forge.push(CATALOG, await markedCatalog('of the first commit'));
  });
  afterAll(async () => await rig[Symbol.asyncDispose]());

  describe('a run of an installed catalog', () => {
    it('that does not say where it is from is not repeated, in words', async () => {
      const run = await rig.run('verify', 'shop');
      expectSuccess(run);
      const refused = await rig.cli('run', 'repeat', run.name, '-n', rig.namespace);
      expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
      expect(refused.stderr).toContain('does not say repository and commit of its tasks and pipelines');
    });

    it('is repeated with the catalog that it had, whatever is installed by then', async () => {
      await applyHead();
      const run = await rig.run('verify', 'shop');
      expectSuccess(run);
      expect(marksOf(run.taskRuns)).toEqual(['of the first commit']);
      expect(await cli('run', 'get', run.name)).toContain(`catalog ${first.slice(0, 12)}\n`);
      expect(await cli('run', 'repeat', run.name, '--dry-run')).toContain('name: stack-dag-verify');
      second = await rig.forge.push(CATALOG, await markedCatalog('of the second commit'));
      await applyHead();
      const again = await repeat(run.name);
      expect(marksOf(again.taskRuns)).toEqual(['of the first commit']);
      expect(await cli('run', 'get', again.name)).toContain(`catalog ${first.slice(0, 12)} (fetched)\n`);
    });
  });

  it.skipIf(!hasKubectl)(
    'kubectl empties what was noted of another catalog (skipped where kubectl is not there)',
    async () => {
      await applyHead();
      const noted = await rig.run('verify', 'shop');
      expect(await cli('run', 'get', noted.name)).toMatch(/catalog [0-9a-f]{12}$/m);
      const work = join(rig.forge.directory, 'work', CATALOG);
      const files = ['tasks', 'pipeline'].flatMap((folder) => ['-f', join(work, folder)]);
      await runOrThrow(rig.kubeconfig, 'kubectl', 'apply', '-n', rig.namespace, ...files);
      const run = await rig.run('verify', 'shop');
      expectSuccess(run);
      const provenance = parseRunProvenance(run.record['provenance.json'] ?? '');
      expect(provenance).toMatchObject({ ok: true, value: { platform: expect.anything() } });
      expect(provenance).not.toHaveProperty('value.catalog');
    },
  );

  describe('a pinned run', () => {
    let tested: RunOutcome;
    let platform: string | undefined;

    it('fills the baseline', async () => {
      const run = await rig.run('bootstrap', 'shop', ...pinned());
      expectSuccess(run);
      expect(marksOf(run.taskRuns)).toEqual(['of the first commit']);
    });

    it('takes every task from its commit, those of its builds too, though another commit is installed', async () => {
      const sha = await rig.pushApp('back', { 'behaviour.json': '{"version":"2"}' }, 'change');
      const change = `--app back --repository ${OWNER}/back --pr 1 --sha ${sha}`.split(' ');
      tested = await rig.run('pr', 'shop', ...change, ...pinned());
      expectSuccess(tested);
      expect(tested.taskRuns.length).toBeGreaterThan(4);
      expect(marksOf(tested.taskRuns)).toEqual(['of the first commit']);
      const names = tested.taskRuns.map(({ metadata }) => metadata.labels?.['tekton.dev/task'] ?? '');
      expect(names).toContain('build-app');
    });

    it('says which commits it was made of', async () => {
      const run = await readRun(tested.name);
      expect(refSourceSchema.parse(run.status?.provenance).refSource.digest.sha1).toBe(first);
      const provenance = parseRunProvenance(tested.record['provenance.json'] ?? '');
      platform = provenance.ok ? provenance.value.platform?.revision : undefined;
      expect(provenance).toMatchObject({
        ok: true,
        value: {
          platform: {
            url: rig.forge.urlOf(`${OWNER}/platform`),
            revision: expect.stringMatching(/^[0-9a-f]{40}$/),
          },
          catalog: { url: rig.forge.urlOf(CATALOG), revision: first, pinned: true },
        },
      });
      expect(run.status?.results).toContainEqual(
        expect.objectContaining({ name: 'platform-revision', value: platform }),
      );
    });

    it('is repeated with the same commits after all of them have moved', async () => {
      expect(second).not.toBe(first);
      await rig.writeStack({ ...STACK, description: 'moved' });
      await rig.pushApp('front', { 'behaviour.json': '{"version":"9"}' });
      const again = await repeat(tested.name);
      expect(marksOf(again.taskRuns)).toEqual(['of the first commit']);
      expect(paramsOf(await readRun(again.name))).toMatchObject({
        'git-revision': platform,
        'catalog-revision': first,
      });
      const [before, after] = [tested, again].map(({ record }) => JSON.parse(record['plan.json'] ?? '{}'));
      const revisionsOf = (plan: { buildApps: object[]; tests: object[] }) =>
        JSON.stringify([...plan.buildApps, ...plan.tests]).match(/"revision":"[0-9a-f]{40}"/g);
      expect(revisionsOf(after)).toEqual(revisionsOf(before));
      expect(after.stackSpec).toEqual(before.stackSpec);
      expect((await readRun(again.name)).metadata.annotations).toMatchObject({
        'tekton-dag.io/repeats': tested.name,
      });
    });

    it('of a commit that is not there fails and says so', async () => {
      const nowhere = '0'.repeat(40);
      const args = ['--catalog-url', rig.forge.urlOf(CATALOG), '--catalog-revision', nowhere];
      const run = await rig.run('verify', 'shop', ...args);
      expect(run).toMatchObject({ succeeded: false, reason: 'CouldntGetPipeline' });
      expect(run.message).toContain('git fetch error');
    });
  });
}
