/** What docs/m10-migration-guide.md and docs/helm.md say to do after Helm died in the middle of an install or an upgrade. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeWithHelm } from './chart/rig/describe-with-helm.ts';
import { NAMESPACE, openLocalRelease, RELEASE, type LocalRelease } from './rig/local-release.ts';

const PLACE = ['-n', NAMESPACE];
const TIMEOUT_MS = 240_000;
const REACTION = { timeout: 60_000, interval: 100 };

describeWithHelm('Helm that dies half-way', () => {
  let release: LocalRelease;
  const values = (): readonly string[] => ['-f', release.teamFile, '--set', 'apps.createNamespaces=true'];
  const install = (...args: readonly string[]): Promise<string> =>
    release.helm('upgrade', '--install', RELEASE, 'helm/tekton-dag', ...PLACE, ...values(), ...args);
  const listRecords = (status: string): Promise<string> =>
    release.kubectl(
      'get',
      'secrets',
      ...PLACE,
      '-l',
      `owner=helm,name=${RELEASE},status=${status}`,
      '-o',
      'name',
    );

  /** Kills it when its record is there; it cannot have ended before, as the pod waits for a Secret. */
  async function killHalfWay(status: string): Promise<void> {
    const args = ['upgrade', '--install', RELEASE, 'helm/tekton-dag', ...PLACE, ...values()];
    const unready = [
      '--take-ownership',
      '--set',
      'orchestrator.webhook.existingSecret=not-there',
      '--wait',
      '--timeout',
      '2m',
    ];
    const child = spawn('helm', [...args, ...unready], { ...release.surroundings, stdio: 'ignore' });
    await vi.waitFor(async () => expect(await listRecords(status)).toContain('secret/'), REACTION);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  beforeAll(async () => {
    release = await openLocalRelease();
    await release.kubectl('apply', ...PLACE, '-f', 'tasks/', '-f', 'pipeline/');
  }, TIMEOUT_MS);
  afterAll(() => release[Symbol.asyncDispose]());

  it(
    'goes on with an install when its record is forgotten, and loses no task',
    async () => {
      await killHalfWay('pending-install');
      await expect(install('--take-ownership')).rejects.toThrow('another operation');
      const pending = `owner=helm,name=${RELEASE},status=pending-install`;
      await release.kubectl('delete', 'secrets', ...PLACE, '-l', pending);
      await install('--take-ownership', '--wait', '--timeout', '90s');
      expect(await install('--take-ownership')).toContain('STATUS: deployed');
      expect(await release.kubectl('get', 'task', 'prepare', ...PLACE, '-o', 'yaml')).toContain(
        'app.kubernetes.io/managed-by: Helm',
      );
    },
    TIMEOUT_MS,
  );

  it(
    'goes back from an upgrade by a rollback',
    async () => {
      await killHalfWay('pending-upgrade');
      await expect(install()).rejects.toThrow('another operation');
      await release.helm('rollback', RELEASE, ...PLACE, '--wait', '--timeout', '90s');
      expect(await install('--wait', '--timeout', '90s')).toContain('STATUS: deployed');
    },
    TIMEOUT_MS,
  );
});
