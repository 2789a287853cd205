/** What doctor says of a real cluster with a real Tekton, and of users who may do little there. */

import { kinds } from '@tekton-dag/kube';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';

interface Check {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
  readonly hint?: string;
}

let rig: ClusterRig;

beforeAll(async () => {
  rig = await createClusterRig();
});
afterAll(async () => await rig[Symbol.asyncDispose]());

async function diagnose(...args: string[]): Promise<{ exitCode: number; checks: Map<string, Check> }> {
  const { exitCode, stdout } = await rig.cli('doctor', '-n', rig.namespace, '-o', 'json', ...args);
  const { checks }: { checks: Check[] } = JSON.parse(stdout);
  return { exitCode, checks: new Map(checks.map((check) => [check.name, check])) };
}

const kubeconfigSchema = z.looseObject({ users: z.tuple([z.looseObject({ name: z.string() })]) });
const tokenSchema = z.object({ status: z.object({ token: z.string() }) });

const POWERLESS_TOKENS = {
  group: '',
  version: 'v1',
  plural: 'serviceaccounts/powerless/token',
  kind: 'TokenRequest',
  namespaced: true,
} as const;

/** A kubeconfig of the same cluster for an account that has no rights. */
async function writePowerlessKubeconfig(): Promise<string> {
  const accounts = rig.client.resource(kinds.serviceaccounts, rig.namespace);
  await accounts.create({ metadata: { name: 'powerless' } });
  const answer = await rig.client.resource(POWERLESS_TOKENS, rig.namespace).create({
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  });
  const config = kubeconfigSchema.parse(parse(await readFile(rig.settings.kubeconfig, 'utf8')));
  const [{ name }] = config.users;
  const user = { name, user: { token: tokenSchema.parse(answer).status.token } };
  const path = join(rig.forge.directory, 'powerless-kubeconfig');
  await writeFile(path, JSON.stringify({ ...config, users: [user] }));
  return path;
}

describe('doctor on a real cluster', () => {
  it('finds nothing missing where the catalog is, and reaches the registry of the team', async () => {
    const { exitCode, checks } = await diagnose(
      '--team',
      rig.teamFile,
      '--apps-namespace',
      rig.appsNamespace,
    );
    expect([...checks.values()].filter(({ state }) => state === 'missing')).toEqual([]);
    expect(exitCode).toBe(0);
    for (const name of [
      'tekton',
      'tekton version',
      'tekton flags',
      'gateway-api',
      'permissions',
      'registry',
    ]) {
      expect(checks.get(name), name).toMatchObject({ state: 'ok' });
    }
  });

  it('names the rights that a user lacks, and does not call missing what that user may not see', async () => {
    const { exitCode, checks } = await diagnose('--kubeconfig', await writePowerlessKubeconfig());
    expect(exitCode).toBe(4);
    expect(checks.get('permissions')).toMatchObject({ state: 'missing' });
    expect(checks.get('permissions')?.detail).toMatch(/^you may not get pipelineruns, .*, get pods\/log$/);
    expect(checks.get('tekton')).toMatchObject({ state: 'ok' });
    expect(checks.get('catalog')).toMatchObject({ state: 'optional' });
    expect(checks.get('catalog')?.detail).toMatch(/^not known: .*forbidden/);
  });

  it('tells of a catalog that is older than the program, until it is applied again', async () => {
    const labels = { 'app.kubernetes.io/version': '0.0.1' };
    const tasks = rig.client.resource(kinds.tasks, rig.namespace);
    await tasks.patch('prepare', { metadata: { labels } }, { type: 'merge' });
    const { checks } = await diagnose();
    expect(checks.get('catalog')?.detail).toMatch(
      /^task\/prepare of version 0\.0\.1, older than this program/,
    );
    const applied = await rig.cli('catalog', 'apply', '-n', rig.namespace);
    expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
    expect(applied.stdout).toContain('task/prepare configured\n');
    expect((await diagnose()).checks.get('catalog')).toMatchObject({ state: 'ok' });
  });

  it('tells of a namespace whose Pod Security Standard refuses builders', async () => {
    const namespaces = rig.client.resource(kinds.namespaces);
    const enforce = (level: string | null): Promise<unknown> =>
      namespaces.patch(
        rig.namespace,
        { metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } },
        { type: 'merge' },
      );
    await enforce('restricted');
    const { exitCode, checks } = await diagnose();
    await enforce(null);
    expect(exitCode).toBe(4);
    expect(checks.get('pod security')).toMatchObject({ state: 'missing' });
  });

  it('names a registry that is not there', async () => {
    const { exitCode, checks } = await diagnose('--registry', '127.0.0.1:1');
    expect(exitCode).toBe(4);
    expect(checks.get('registry')?.detail).toContain('cannot be reached');
  });
});
