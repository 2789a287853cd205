/** Three releases, each with a team of its own: two in one namespace, one in another. */

import { kinds } from '@tekton-dag/kube';
import { LABEL, type PipelineRun } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import { createHelmRelease, createReleaseSecrets, type HelmRelease } from './rig/helm-release.ts';
import { listObjects } from './rig/list-objects.ts';
import { createNeverEndingPipeline } from './rig/never-ending-pipeline.ts';
import { releaseValues } from './rig/release-values.ts';
import { hasHelm, NO_HELM } from './rig/run-on-cluster.ts';

const TEST_TIMEOUT_MS = 900_000;
const POLL = { timeout: 180_000, interval: 500 };
const TEAMS = ['red', 'green', 'blue'] as const;
const acceptedSchema = z.looseObject({ pipelinerun: z.string() });
const runsSchema = z.array(z.looseObject({ team: z.string() }));

let rig: ClusterRig;
let releases: Readonly<Record<(typeof TEAMS)[number], HelmRelease>>;
let valuesOf: Readonly<Record<string, object>>;

async function prepare(): Promise<void> {
  rig = await createClusterRig({ catalogFrom: 'chart' });
  const { namespace, appsNamespace } = rig;
  releases = {
    red: createHelmRelease(rig, 'red', namespace),
    green: createHelmRelease(rig, 'green', namespace),
    blue: createHelmRelease(rig, 'blue', appsNamespace),
  };
  for (const one of [namespace, appsNamespace]) {
    await createReleaseSecrets(rig, one);
    await createNeverEndingPipeline(rig.client, one);
  }
  for (const team of TEAMS)
    await rig.writeStack({ name: team, namespace: appsNamespace, apps: { [team]: {} } });
  valuesOf = Object.fromEntries(
    await Promise.all(
      TEAMS.map(async (team) => [
        team,
        {
          ...(await releaseValues(rig, {
            stacks: [team],
            namespace: releases[team].namespace,
            team: { name: team, maxConcurrentRuns: 1 },
          })),
          catalog: { source: 'existing' },
        },
      ]),
    ),
  );
}

const runsIn = async (namespace: string): Promise<Readonly<Record<string, string>>> => {
  const { items } = await rig.client.resource<PipelineRun>(kinds.pipelineruns, namespace).list();
  return Object.fromEntries(
    items.map(({ metadata }) => [metadata.name ?? '', metadata.labels?.[LABEL.team] ?? '']),
  );
};

const podsOf = async (release: HelmRelease): Promise<readonly (string | undefined)[]> =>
  (await release.pods()).map(({ metadata }) => metadata?.uid);

describe.skipIf(!hasHelm)(hasHelm ? 'three releases' : NO_HELM, { timeout: TEST_TIMEOUT_MS }, () => {
  beforeAll(async () => {
    await prepare();
    await releases.red.apply(valuesOf['red'] ?? {});
    const shared = { serviceAccounts: { create: false }, apps: { serviceAccounts: { create: false } } };
    await releases.green.apply(valuesOf['green'] ?? {}, shared);
    await releases.blue.apply(valuesOf['blue'] ?? {}, { apps: { serviceAccounts: { create: false } } });
  }, TEST_TIMEOUT_MS);
  afterAll(() => rig?.[Symbol.asyncDispose]());

  it('make a run each, of the repository of their own team', async () => {
    const made: Record<string, string> = {};
    for (const team of TEAMS) {
      const orchestrator = await releases[team].connect();
      const { status, body } = await orchestrator.deliver({ repository: `acme/${team}` });
      expect(status, body).toBe(202);
      made[team] = acceptedSchema.parse(JSON.parse(body)).pipelinerun;
      const foreign = TEAMS.find((other) => other !== team) ?? '';
      const ignored = await orchestrator.deliver({ repository: `acme/${foreign}` });
      expect(ignored.body).toContain('unknown-repository');
    }
    const { red = '', green = '', blue = '' } = made;
    await expect.poll(() => runsIn(rig.namespace), POLL).toEqual({ [red]: 'red', [green]: 'green' });
    await expect.poll(() => runsIn(rig.appsNamespace), POLL).toEqual({ [blue]: 'blue' });
  });

  it('admit and show the runs of their own team only', async () => {
    for (const team of TEAMS) {
      const orchestrator = await releases[team].connect();
      const shown = async (): Promise<readonly string[]> =>
        runsSchema.parse(JSON.parse((await orchestrator.get('/api/runs')).body)).map((run) => run.team);
      await expect.poll(shown, POLL).toEqual([team]);
    }
    const runs = rig.client.resource<PipelineRun>(kinds.pipelineruns, rig.namespace);
    const heldBack = async (): Promise<readonly unknown[]> =>
      (await runs.list()).items.map(({ spec }) => spec.status);
    await expect.poll(heldBack, POLL).toEqual([undefined, undefined]);
  });

  it('are upgraded and uninstalled one by one: the others do not notice', async () => {
    const { red, green, blue } = releases;
    const before = await Promise.all([podsOf(red), podsOf(blue)]);
    const podAnnotations = { 'example.com/change': 'yes' };
    await green.apply(valuesOf['green'] ?? {}, {
      serviceAccounts: { create: false },
      apps: { serviceAccounts: { create: false } },
      orchestrator: { podAnnotations },
    });
    await green.uninstall();
    expect(await Promise.all([podsOf(red), podsOf(blue)])).toEqual(before);
    const objects = await listObjects(rig.settings.kubeconfig, rig.namespace);
    expect(objects.filter((name) => name.includes('green-tekton-dag'))).toEqual([
      'lease.coordination.k8s.io/green-tekton-dag',
      'persistentvolumeclaim/green-tekton-dag-data',
    ]);
    const answer = await (await red.connect()).deliver({ repository: 'acme/red', number: 8 });
    expect(answer.status).toBe(202);
  });
});
