/** Step release: real repositories, a real registry. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempForge, type TempForge } from '../src/testing/index.ts';
import { prepareEnv, pushStack, pushVersions, putImages } from './shop-stack.ts';
import { createStepRig, type StepRig } from './step-rig.ts';

let forge: TempForge;

beforeAll(async () => {
  forge = await createTempForge();
});

afterAll(async () => await forge[Symbol.asyncDispose]());

describe('release', () => {
  const MERGE = { MODE: 'merge' };
  const env = (rig: StepRig): Record<string, string> => ({
    GIT_URL: rig.forge.urlOf('acme/platform'),
    GIT_REVISION: 'main',
    VERSIONS_FILE: 'stacks/versions.yaml',
    VERSION_OVERRIDES: '{}',
  });
  const arrangeMerge = async (rig: StepRig, sha: string): Promise<string> => {
    const revisions = { APP_REVISIONS: JSON.stringify({ api: sha }) };
    expect(await rig.run('prepare', prepareEnv(rig, { ...MERGE, ...revisions }))).toMatchObject({ code: 0 });
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, annotations: { sha } }));
    const digest = rig.registry.seedManifest(
      'team/api',
      'c-x',
      bytes,
      'application/vnd.oci.image.manifest.v1+json',
    );
    await putImages(rig, ['api'], digest);
    return digest;
  };
  const versionsAt = async (rig: StepRig): Promise<string> =>
    await rig.forge.git(
      ['--git-dir', rig.forge.urlOf('acme/platform').slice(7), 'show', 'main:stacks/versions.yaml'],
      '/',
    );

  it('pushes the version commit, tags by digest, and releases nothing twice', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    await pushVersions(rig);
    const sha = await forge.push('acme/api', { 'a.txt': 'merged' });
    const digest = await arrangeMerge(rig, sha);
    expect(await rig.run('release', env(rig))).toMatchObject({ code: 0, stderr: '' });
    expect(rig.registry.manifest('team/api', 'v0.3.0')?.digest).toBe(digest);
    expect(rig.record('release.json')).toMatchObject({
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      apps: { api: { released: '0.3.0', next: '0.3.1-rc.0', digest } },
    });
    const text = await versionsAt(rig);
    expect(text).toContain('0.3.1-rc.0');
    expect(text).toContain('# kept');

    expect(await rig.run('release', env(rig))).toMatchObject({ code: 0 });
    expect(await versionsAt(rig)).toBe(text);
    expect(rig.record('release.json')).not.toHaveProperty('commit');
    expect(rig.record('release.json')).toMatchObject({ apps: { api: { released: '0.3.0' } } });
  });

  it('begins anew when someone else pushes first, so that both releases are there', async () => {
    await using one = await createStepRig(forge);
    await using two = await createStepRig(forge);
    await pushStack(one);
    await pushVersions(one);
    const first = await forge.push('acme/api', { 'a.txt': 'first' });
    const second = await forge.push('acme/api', { 'a.txt': 'second' });
    await arrangeMerge(one, first);
    await arrangeMerge(two, second);
    const runs = await Promise.all([one.run('release', env(one)), two.run('release', env(two))]);
    expect(runs).toMatchObject([{ code: 0 }, { code: 0 }]);
    const released = [one, two].map(
      (rig) => /"released":"([^"]+)"/.exec(JSON.stringify(rig.record('release.json')))?.[1],
    );
    expect(new Set(released)).toEqual(new Set(['0.3.0', '0.3.1']));
    expect(await versionsAt(one)).toContain('0.3.2-rc.0');
  });

  it('refuses to move a version tag that names another image', async () => {
    await using rig = await createStepRig(forge);
    await forge.push('acme/platform', { 'stacks/versions.yaml': 'apps:\n  api: { version: 5.0.0-rc.0 }\n' });
    const sha = await forge.push('acme/api', { 'a.txt': 'third' });
    rig.registry.seedManifest('team/api', 'v5.0.0', Buffer.from('{"schemaVersion":2}'), 'x/y');
    await arrangeMerge(rig, sha);
    const run = await rig.run('release', env(rig));
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/team\/api:v5\.0\.0 is sha256:\w+ already/),
    });
  });

  it('honours version-overrides', async () => {
    await using rig = await createStepRig(forge);
    const sha = await forge.push('acme/api', { 'a.txt': 'fourth' });
    await arrangeMerge(rig, sha);
    const overrides = { VERSION_OVERRIDES: '{"api":"9.1.0-rc.0"}' };
    expect(await rig.run('release', { ...env(rig), ...overrides })).toMatchObject({ code: 0 });
    expect(rig.registry.tags('team/api')).toContain('v9.1.0');
  });
});
