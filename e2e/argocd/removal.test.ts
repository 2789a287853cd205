/** The choices of what becomes of a team whose folder is gone, beside the default: see teams.test.ts for that one. */

import { afterEach, describe, expect, it } from 'vitest';
import { applicationSets, ARGOCD_NAMESPACE, complaintsOf } from './rig/argo-application.ts';
import { createArgoRig, type ArgoRig } from './rig/argo-rig.ts';
import { ARGO_SKIP } from './rig/argo-skip.ts';
import { renderTeamFiles, WITHOUT_SERVICE } from './rig/team-files.ts';

let rig: ArgoRig | undefined;

/** A rig with the choice made, and a team of it that is delivered. */
async function deliver(component: string): Promise<{ readonly rig: ArgoRig; readonly team: string }> {
  const made = await createArgoRig({ component });
  rig = made;
  const team = made.nameTeam('shop');
  await made.waitForTeam(team, await made.push(renderTeamFiles(made, team, { values: WITHOUT_SERVICE })));
  return { rig: made, team };
}

describe.skipIf(ARGO_SKIP !== undefined)(ARGO_SKIP ?? 'a team whose folder is gone', () => {
  afterEach(() => rig?.[Symbol.asyncDispose]());

  it('stays with removal/confirm until somebody agrees', async () => {
    const { rig: made, team } = await deliver('removal/confirm');
    await made.push({ [`teams/${team}`]: undefined });
    // It is to be deleted, and Argo CD has looked at it since.
    await made.waitForApplication(
      `team-${team}`,
      (found) => found.metadata?.deletionTimestamp !== undefined && complaintsOf(found) !== '',
    );
    expect(await made.kubectl('-n', team, 'get', 'tasks', '-o', 'name')).toContain('prepare');
    expect(await made.application(`tekton-dag-${team}`)).toBeDefined();

    const agreed = `argocd.argoproj.io/deletion-approved=${new Date().toISOString()}`;
    await made.kubectl('-n', ARGOCD_NAMESPACE, 'annotate', 'application', `team-${team}`, agreed);
    await made.waitForTeamGone(team);
    expect(await made.kubectl('-n', team, 'get', 'tasks', '-o', 'name')).toBe('');
  });

  it('stays with removal/keep, even when the ApplicationSet is deleted', async () => {
    const { rig: made, team } = await deliver('removal/keep');
    const next = made.nameTeam('next');
    const revision = await made.push({
      [`teams/${team}`]: undefined,
      ...renderTeamFiles(made, next, { values: WITHOUT_SERVICE }),
    });
    await made.waitForTeam(next, revision);
    expect(await made.application(`tekton-dag-${team}`)).toBeDefined();

    await made.client.resource(applicationSets, ARGOCD_NAMESPACE).delete('tekton-dag-teams');
    const left = async (): Promise<unknown> => await made.application(`team-${next}`);
    await expect.poll(left, { timeout: 300_000, interval: 500 }).toBeUndefined();
    for (const one of [team, next]) {
      expect(await made.application(`tekton-dag-${one}`)).toBeDefined();
      expect(await made.kubectl('-n', one, 'get', 'tasks', '-o', 'name')).toContain('prepare');
    }
  });
});
