/** The chart on a local cluster: install, test, reload, upgrade, roll back, uninstall. They build on one another. */

import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeWithHelm } from './chart/rig/describe-with-helm.ts';
import { NAMESPACE, openLocalRelease, RELEASE, type LocalRelease } from './rig/local-release.ts';

const CHART = 'helm/tekton-dag';
const EVERY_FEATURE = resolve(import.meta.dirname, 'chart/values/every-feature.yaml');
const WAIT = ['--wait', '--timeout', '90s'];
const TIMEOUT_MS = 240_000;
const REACTION = { timeout: 20_000, interval: 100 };

describeWithHelm('the chart on a local cluster', () => {
  let release: LocalRelease;
  const place = ['-n', NAMESPACE];
  const upgrade = (...args: readonly string[]): Promise<string> =>
    release.helm('upgrade', RELEASE, CHART, ...place, '--reuse-values', ...args, ...WAIT);
  const askTeam = async (): Promise<string> => (await (await release.connect()).get('/api/teams')).body;

  beforeAll(async () => {
    release = await openLocalRelease();
  }, TIMEOUT_MS);
  afterAll(() => release[Symbol.asyncDispose]());

  it('says which namespace is missing', async () => {
    const installed = release.helm('install', RELEASE, CHART, ...place, '-f', release.teamFile);
    await expect(installed).rejects.toThrow('namespaces "staging" not found');
  });

  it(
    'gets ready when the same is said again with the namespace, and tests itself with a run',
    async () => {
      const values = ['-f', release.teamFile, '--set', 'apps.createNamespaces=true'];
      await release.helm('upgrade', '--install', RELEASE, CHART, ...place, ...values, ...WAIT);
      expect(await release.helm('test', RELEASE, ...place, '--logs')).toMatch(/Phase:\s+Succeeded/);
      expect(await release.kubectl('get', 'pipelineruns', ...place)).toMatch(/stack-verify-\S+ +True/);
    },
    TIMEOUT_MS,
  );

  it('makes a run of a signed webhook, and none of one that is signed with another secret', async () => {
    const client = await release.connect();
    const answer = await client.deliver({ repository: 'acme/demo-api', number: 5 });
    expect(answer).toMatchObject({ status: 202, body: expect.stringContaining('stack-pr-5-') });
    await vi.waitFor(async () => {
      const listed = await release.kubectl(
        'get',
        'pipelineruns',
        ...place,
        '-l',
        'tekton-dag.io/pull-request=5',
        '-o',
        'name',
      );
      expect(listed).toContain('stack-pr-5-');
    }, REACTION);
    const stranger = await release.connect('another secret altogether');
    expect(await stranger.deliver({ repository: 'acme/demo-api', number: 6 })).toMatchObject({ status: 401 });
  });

  it(
    'takes over a changed team without a new pod, by upgrade and by rollback',
    async () => {
      const pods = await release.podNames();
      expect(await askTeam()).not.toContain('"maxConcurrentRuns":7');
      await upgrade('--set', 'maxConcurrentRuns=7');
      await vi.waitFor(async () => expect(await askTeam()).toContain('"maxConcurrentRuns":7'), REACTION);
      await release.helm('rollback', RELEASE, '2', ...place, ...WAIT);
      await vi.waitFor(async () => expect(await askTeam()).not.toContain('"maxConcurrentRuns":7'), REACTION);
      expect(await release.podNames()).toEqual(pods);
    },
    TIMEOUT_MS,
  );

  it(
    'brings a new pod with a changed setting, and what was delivered is still known',
    async () => {
      const pods = await release.podNames();
      await upgrade('--set', 'orchestrator.settings.TEKTON_DAG_LOG_LEVEL=debug');
      const after = await release.podNames();
      expect(after).toHaveLength(1);
      expect(after).not.toEqual(pods);
      const deliveries = await (await release.connect()).get('/api/deliveries');
      expect(deliveries.body).toContain('acme/demo-api');
    },
    TIMEOUT_MS,
  );

  it(
    'leaves when it is uninstalled what is documented, and nothing else',
    async () => {
      await release.helm('uninstall', RELEASE, ...place, '--wait');
      const kinds =
        'all,configmaps,serviceaccounts,roles,rolebindings,networkpolicies,persistentvolumeclaims,leases,tasks,pipelines';
      const label = `app.kubernetes.io/instance=${RELEASE}`;
      // Helm leaves pods of tests to be read; the service's own takes a moment to drain.
      await vi.waitFor(async () => {
        const left = await release.kubectl('get', kinds, '-A', '-l', label, '-o', 'name');
        expect(left.trim().split('\n')).toEqual([
          `pod/${RELEASE}-test-0`,
          'serviceaccount/tekton-dag-router',
          `role.rbac.authorization.k8s.io/${RELEASE}-apps-router-${NAMESPACE}`,
          `rolebinding.rbac.authorization.k8s.io/${RELEASE}-apps-router-${NAMESPACE}`,
          `persistentvolumeclaim/${RELEASE}-data`,
        ]);
      }, REACTION);
      expect(await release.kubectl('get', 'tasks,pipelines', ...place, '-o', 'name')).toBe('');
      expect(await release.kubectl('get', 'namespace', 'staging', '-o', 'name')).toBe('namespace/staging\n');
    },
    TIMEOUT_MS,
  );

  it(
    'is accepted with every feature, but for kinds that a cluster without operators lacks',
    async () => {
      const without = ['metrics.serviceMonitor', 'metrics.alerts', 'triggers'].map(
        (part) => `${part}.enabled=false`,
      );
      // It was made by the release before, and is kept.
      await release.kubectl('delete', 'namespace', 'staging');
      const values = ['-f', EVERY_FEATURE, '--set', without.join(',')];
      await release.helm('install', 'all', CHART, '-n', 'every', '--create-namespace', ...values);
      const kinds = 'horizontalpodautoscalers,ingresses,httproutes,networkpolicies,poddisruptionbudgets';
      const made = await release.kubectl('get', kinds, '-n', 'every', '-o', 'name');
      expect(
        new Set(
          made
            .trim()
            .split('\n')
            .map((name) => name.split('/')[0]),
        ),
      ).toEqual(
        new Set([
          'horizontalpodautoscaler.autoscaling',
          'ingress.networking.k8s.io',
          'httproute.gateway.networking.k8s.io',
          'networkpolicy.networking.k8s.io',
          'poddisruptionbudget.policy',
        ]),
      );
      await release.helm('uninstall', 'all', '-n', 'every');
    },
    TIMEOUT_MS,
  );
});
