import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kubeconfigFor, runInProcess, createCliRig, type CliRig } from './cli-rig.ts';
import { startFakeCluster, type FakeCluster } from './fake-cluster.ts';

interface Check {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
  readonly hint?: string;
}

let rig: CliRig;
let cluster: FakeCluster;
let kubeconfig: string;

const TEKTON = ['tasks', 'taskruns', 'pipelines', 'pipelineruns'].map((name) => ({ name }));
const CONFIG = '/api/v1/namespaces/tekton-pipelines/configmaps';

beforeEach(async () => {
  rig = await createCliRig();
  cluster = await startFakeCluster();
  kubeconfig = await rig.file('kubeconfig', kubeconfigFor(cluster.url));
  cluster.answers.set('/apis/tekton.dev/v1', { resources: TEKTON });
  cluster.answers.set(`${CONFIG}/pipelines-info`, { data: { version: 'v1.3.0' } });
  cluster.answers.set(`${CONFIG}/feature-flags`, { data: { 'enable-api-fields': 'beta' } });
  cluster.answers.set('/apis/gateway.networking.k8s.io/v1', { resources: [{ name: 'httproutes' }] });
  cluster.answers.set('/api/v1/namespaces/ci', { metadata: { name: 'ci' } });
});
afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

async function diagnose(...args: string[]): Promise<{ code: number | null; checks: Map<string, Check> }> {
  const outcome = await runInProcess(
    ['doctor', '--kubeconfig', kubeconfig, '-o', 'json', ...args],
    rig.directory,
  );
  const { checks }: { checks: Check[] } = JSON.parse(outcome.stdout);
  return { code: outcome.code, checks: new Map(checks.map((check) => [check.name, check])) };
}

describe('tekton-dag doctor', () => {
  it('says which version of Tekton was found and which is needed', async () => {
    cluster.answers.set(`${CONFIG}/pipelines-info`, { data: { version: 'v0.44.5' } });
    const { code, checks } = await diagnose();
    expect(code).toBe(4);
    expect(checks.get('tekton version')).toMatchObject({
      state: 'missing',
      detail: 'found v0.44.5, needed v0.50.0 or newer',
      hint: expect.stringContaining('install Tekton Pipelines v0.50.0 or newer'),
    });
  });

  it('says that Tekton is not there, and does not ask on', async () => {
    cluster.answers.delete('/apis/tekton.dev/v1');
    const { code, checks } = await diagnose();
    expect(code).toBe(4);
    expect(checks.get('tekton')?.detail).toContain('does not serve tasks, taskruns, pipelines, pipelineruns');
    expect(checks.has('tekton version')).toBe(false);
  });

  it('says which flag keeps our tasks from running, and how to set it', async () => {
    cluster.answers.set(`${CONFIG}/feature-flags`, { data: { 'enable-api-fields': 'stable' } });
    const { checks } = await diagnose();
    expect(checks.get('tekton flags')).toMatchObject({ state: 'missing' });
    expect(checks.get('tekton flags')?.hint).toContain('kubectl patch configmap feature-flags');
  });

  it('holds nothing against a cluster whose settings it may not see', async () => {
    cluster.answers.set(`${CONFIG}/pipelines-info`, 403);
    const { checks } = await diagnose();
    expect(checks.get('tekton version')).toMatchObject({ state: 'optional' });
  });

  it.each([
    ['tekton-dag-deployer', 'ok'],
    ['tekton-dag-shop-apps-deployer-ci', 'ok'],
    ['tekton-dag-shop-apps-deployer-other', 'missing'],
    ['viewer', 'missing'],
  ])('takes a binding to Role %s in a namespace of apps for: %s', async (role, state) => {
    const items = [
      {
        metadata: { name: 'any' },
        roleRef: { kind: 'Role', name: role },
        subjects: [{ kind: 'ServiceAccount', name: 'tekton-dag-pipeline', namespace: 'ci' }],
      },
    ];
    const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/staging/rolebindings';
    cluster.answers.set(path, { metadata: {}, items });
    const { checks } = await diagnose('-n', 'ci', '--apps-namespace', 'staging');
    expect(checks.get('deployer in staging')).toMatchObject({ state });
  });

  it('names the Gateway API, the catalog and the accounts when they are missing, each with a way to mend it', async () => {
    cluster.answers.delete('/apis/gateway.networking.k8s.io/v1');
    for (const kind of ['tasks', 'pipelines']) {
      cluster.answers.set(`/apis/tekton.dev/v1/namespaces/ci/${kind}`, { items: [] });
    }
    const { code, checks } = await diagnose();
    expect(code).toBe(4);
    expect(checks.get('gateway-api')).toMatchObject({ state: 'missing' });
    expect(checks.get('catalog')).toMatchObject({
      detail: 'no tasks and pipelines of tekton-dag in namespace ci',
      hint: 'bring it there with `tekton-dag catalog apply -n ci`; runs that fetch it from Git need none',
    });
    expect(checks.get('service accounts')).toMatchObject({
      detail: 'no tekton-dag-pipeline, tekton-dag-build in namespace ci',
      hint: 'make them with `tekton-dag namespace bootstrap ci`',
    });
  });

  it('tells of an account for builds that has a token, and of a namespace that refuses builders', async () => {
    const accounts = '/api/v1/namespaces/ci/serviceaccounts';
    for (const name of ['tekton-dag-pipeline', 'tekton-dag-build'])
      cluster.answers.set(`${accounts}/${name}`, {});
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    cluster.answers.set('/api/v1/namespaces/ci', { metadata: { name: 'ci', labels } });
    const { checks } = await diagnose();
    expect(checks.get('service accounts')?.detail).toContain('tekton-dag-build mounts its token');
    expect(checks.get('pod security')).toMatchObject({ state: 'missing' });
  });

  it('names every right that the user lacks', async () => {
    for (const right of ['create pipelineruns', 'get pods']) cluster.refused.add(right);
    const { code, checks } = await diagnose();
    expect(code).toBe(4);
    expect(checks.get('permissions')?.detail).toBe('you may not create pipelineruns, get pods/log');
  });

  it('stops at a namespace that is not there', async () => {
    const { checks } = await diagnose('-n', 'elsewhere');
    expect(checks.get('namespace')).toMatchObject({
      state: 'missing',
      detail: 'there is no namespace elsewhere',
    });
    expect(checks.has('catalog')).toBe(false);
  });

  it('stops at a cluster that nobody answers for', async () => {
    await cluster[Symbol.asyncDispose]();
    const { code, checks } = await diagnose();
    expect(code).toBe(4);
    expect(checks.get('cluster')).toMatchObject({
      state: 'missing',
      hint: expect.stringContaining('running'),
    });
    expect([...checks.keys()].at(-1)).toBe('cluster');
    cluster = await startFakeCluster();
  });
});

describe('tekton-dag doctor --registry', () => {
  async function registryAnswering(status: number): Promise<AsyncDisposable & { readonly host: string }> {
    const server = createServer((_request, response) => response.writeHead(status).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    return {
      host: `127.0.0.1:${typeof bound === 'object' ? (bound?.port ?? 0) : 0}`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      },
    };
  }

  it.each([
    [200, 'ok', 'answers'],
    [401, 'ok', 'answers and asks for credentials'],
    [403, 'missing', 'refuses with 403'],
    [503, 'missing', 'refuses with 503'],
  ])('judges an answer of %i as %s', async (status, state, words) => {
    await using registry = await registryAnswering(status);
    const { checks } = await diagnose('--registry', `${registry.host}/acme`);
    expect(checks.get('registry')).toEqual(
      expect.objectContaining({ state, detail: `http://${registry.host}/v2/ ${words}` }),
    );
  });

  it('tells a registry that is not there from one that speaks plain HTTP', async () => {
    const registry = await registryAnswering(200);
    await registry[Symbol.asyncDispose]();
    const { checks } = await diagnose('--registry', registry.host);
    expect(checks.get('registry')?.detail).toContain('cannot be reached');
  });
});
