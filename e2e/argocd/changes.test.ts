/** What is asked of a team's set-up after the first time: places that change, and mending what is refused. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOf, isDelivered } from './rig/argo-application.ts';
import { createArgoRig, type ArgoRig } from './rig/argo-rig.ts';
import { ARGO_SKIP } from './rig/argo-skip.ts';
import type { FileChanges } from './rig/platform-repository.ts';
import { renderTeamFiles, WITHOUT_SERVICE, type TeamFields } from './rig/team-files.ts';

let rig: ArgoRig;

const folder = (name: string, fields: TeamFields = {}): FileChanges =>
  renderTeamFiles(rig, name, { values: WITHOUT_SERVICE, ...fields });

const catalogOf = async (namespace: string): Promise<string> =>
  await rig.kubectl('-n', namespace, 'get', 'tasks,pipelines', '-o', 'name');

describe.skipIf(ARGO_SKIP !== undefined)(ARGO_SKIP ?? 'a team that changes', () => {
  beforeAll(async () => {
    rig = await createArgoRig();
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  it('may have its release and its apps in other namespaces', async () => {
    const mover = rig.nameTeam('mover');
    const [namespace, appsNamespace] = [`${mover}-next`, `${mover}-apps-next`];
    await rig.waitForTeam(mover, await rig.push(folder(mover)));
    await rig.waitForTeam(mover, await rig.push(folder(mover, { team: { namespace }, appsNamespace })));
    expect(await catalogOf(namespace)).toContain('pipeline.tekton.dev/stack-pr-test');
    expect(await rig.kubectl('-n', appsNamespace, 'get', 'roles', '-o', 'name')).toContain(mover);
    const namespaces = await rig.waitForApplication(`namespaces-${mover}`, isDelivered);
    expect(namespaces.status?.resources?.map(({ name }) => name)).toContain(namespace);
    await rig.kubectl('get', 'namespace', mover, `${mover}-apps`);
  });

  it('can be compared while its release is refused, and is mended by the next commit', async () => {
    const clumsy = rig.nameTeam('clumsy');
    await rig.push(folder(clumsy, { values: { ...WITHOUT_SERVICE, orchestratr: {} } }));
    await rig.waitForApplication(`tekton-dag-${clumsy}`, (found) =>
      complaintsOf(found).includes('orchestratr'),
    );
    const setup = await rig.waitForApplication(
      `team-${clumsy}`,
      ({ status }) => status?.health?.status === 'Degraded' && status.sync?.status === 'Synced',
    );
    expect(complaintsOf(setup)).not.toContain('health');
    const revision = await rig.push(folder(clumsy, { appsNamespace: `${clumsy}-elsewhere` }));
    await rig.waitForTeam(clumsy, revision);
    await rig.waitForApplication(`team-${clumsy}`, isDelivered);
  });
});
