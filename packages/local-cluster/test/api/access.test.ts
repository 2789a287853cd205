/** Who may talk to the API, and how the cluster says that it cannot start. */

import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from '../../src/api/kinds/read-field.ts';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';
import { startClusterProcess } from '../start-cluster-process.ts';
import { describeLocally, itLocally } from '../local-only.ts';

describe('access', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());

  it('is refused without a token', async () => {
    const answer = await cluster.request('/api/v1/namespaces', { token: '' });
    // A cluster may know anonymous users, who may do nothing.
    expect([401, 403]).toContain(answer.status);
  });

  it.each(['wrong', 'ZGVmYXVsdC94.AAAA'])('is refused with the token %j', async (token) => {
    const answer = await cluster.request('/api/v1/namespaces', { token });
    expect(answer).toMatchObject({ status: 401, body: { kind: 'Status', reason: 'Unauthorized' } });
  });

  it('is given to the token of a service account, which is told from the administrator', async () => {
    const accounts = `/api/v1/namespaces/${cluster.namespace}/serviceaccounts`;
    await cluster.request(accounts, {
      method: 'POST',
      body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bot' } },
    });
    const issued = await cluster.request(`${accounts}/bot/token`, {
      method: 'POST',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
    });
    const token = readText(issued.body, 'status', 'token');
    const review = (spec: Record<string, unknown>, kind: string, as?: string) =>
      cluster.request(`/apis/authentication.k8s.io/v1/${kind.toLowerCase()}s`, {
        method: 'POST',
        body: { apiVersion: 'authentication.k8s.io/v1', kind, spec },
        ...(as === undefined ? {} : { token: as }),
      });
    const username = `system:serviceaccount:${cluster.namespace}:bot`;
    expect((await review({}, 'SelfSubjectReview', token)).body).toMatchObject({
      status: { userInfo: { username } },
    });
    expect((await review({ token }, 'TokenReview')).body).toMatchObject({
      status: { authenticated: true, user: { username } },
    });
    expect((await review({ token: 'no' }, 'TokenReview')).body).not.toMatchObject({
      status: { authenticated: true },
    });
  });

  itLocally('is by secrets that only their owner can read', () => {
    for (const file of ['kubeconfig', 'token', 'apiserver.key']) {
      expect(statSync(join(cluster.kubeconfig, '..', file)).mode & 0o077).toBe(0);
    }
    expect(readFileSync(cluster.kubeconfig, 'utf8')).toMatch(/server: https:\/\/127\.0\.0\.1:\d+/);
  });
});

describeLocally('a cluster that cannot start', () => {
  const failure = async (stateDir: string, port = 0): Promise<string> => {
    try {
      const { child } = await startClusterProcess(stateDir, port);
      child.kill('SIGKILL');
      return 'started';
    } catch (fault) {
      return String(fault);
    }
  };

  it('names the port that is taken and gives a hint', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'taken-'));
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const message = await failure(stateDir, port);
    server.close();
    rmSync(stateDir, { recursive: true });
    expect(message).toContain('LOCAL_PORT_TAKEN');
    expect(message).toContain(String(port));
    expect(message).toContain('hint');
  });

  it('names the state directory that cannot be written', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'file-'));
    const file = join(directory, 'plain');
    writeFileSync(file, '');
    const message = await failure(join(file, 'state'));
    rmSync(directory, { recursive: true });
    expect(message).toContain('LOCAL_STATE_NOT_WRITABLE');
    expect(message).toContain(join(file, 'state'));
  });

  it('refuses the state directory of a cluster that runs', { timeout: 150_000 }, async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'twice-'));
    const { child } = await startClusterProcess(stateDir);
    const message = await failure(stateDir);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    rmSync(stateDir, { recursive: true });
    expect(message).toContain('LOCAL_STATE_IN_USE');
  });
});
