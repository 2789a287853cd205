/** What every step does where its surroundings are not there. */

import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { kinds } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempForge, runStepForTest, type TempForge } from '../src/testing/index.ts';
import { createStepRig, RUN, RUNS } from './step-rig.ts';

let forge: TempForge;

beforeAll(async () => {
  forge = await createTempForge();
});

afterAll(async () => await forge[Symbol.asyncDispose]());

describe('a step', () => {
  it('says which part of the run record is missing', async () => {
    await using rig = await createStepRig(forge);
    const run = await rig.run('deploy-baseline');
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`run record ${RUNS}/${RUN} has no plan.json`),
    });
  });

  it('ends with 4 when the Kubernetes API cannot be reached, and with 2 for an unknown name', async () => {
    await using rig = await createStepRig(forge);
    const kubeconfig = join(forge.directory, 'kubeconfig');
    await writeFile(
      kubeconfig,
      'apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{ name: x, context: { cluster: x, user: x } }]\n' +
        'clusters: [{ name: x, cluster: { server: "http://127.0.0.1:1" } }]\nusers: [{ name: x, user: {} }]\n',
    );
    const env = { RUN_NAME: RUN, RUN_NAMESPACE: RUNS, KUBECONFIG: kubeconfig, TEKTON_DAG_IMAGE: 'x' };
    expect(await runStepForTest('deploy-baseline', { env })).toMatchObject({ code: 4 });
    expect(await runStepForTest('nothing', { env })).toMatchObject({ code: 2 });
    expect(await rig.client.resource(kinds.configmaps, RUNS).get('none')).toBeUndefined();
  });
});
