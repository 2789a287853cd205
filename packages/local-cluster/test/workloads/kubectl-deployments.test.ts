/** Deployments as kubectl uses them: apply, rollout, scale, undo, wait, columns. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

const manifest = (name: string, replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: app
          image: busybox:1
          command: [sh, -c, 'echo started; trap "exit 0" TERM; while :; do sleep 0.1; done']
`;

describe('a deployment through kubectl', () => {
  let cluster: TestCluster;
  const kubectl = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await cluster.kubectl(args);
    expect(stderr + stdout, args.join(' ')).toSatisfy(() => code === 0);
    return stdout;
  };
  const apply = async (text: string): Promise<void> => {
    const { code, stderr } = await cluster.kubectl(['apply', '-f', '-'], text);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  };

  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());

  it('is rolled out, shown in columns and logged', async () => {
    await apply(manifest('shown', 2));
    expect(await kubectl('rollout', 'status', 'deployment/shown', '--timeout=60s')).toContain(
      'successfully rolled out',
    );
    expect(await kubectl('get', 'deployment', 'shown')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nshown +2\/2 +2 +2 /,
    );
    expect(await kubectl('get', 'deployment', 'shown', '-o', 'wide')).toMatch(
      /CONTAINERS +IMAGES +SELECTOR\n.* app +\S*busybox:1 +app=shown/,
    );
    expect(await kubectl('get', 'replicasets', '-l', 'app=shown')).toMatch(
      /NAME +DESIRED +CURRENT +READY +AGE\nshown-\w+ +2 +2 +2 /,
    );
    expect(await kubectl('get', 'pods', '-l', 'app=shown')).toMatch(
      /NAME +READY +STATUS +RESTARTS +AGE\nshown-\w+-\w+ +1\/1 +Running +0 /,
    );
    // A container without a probe counts as ready before it has said anything.
    await expect.poll(() => kubectl('logs', 'deployment/shown'), { timeout: 30_000 }).toBe('started\n');
  });

  it('is restarted, undone and keeps its history', async () => {
    await apply(manifest('rolled', 1));
    await kubectl('rollout', 'status', 'deployment/rolled', '--timeout=60s');
    await kubectl('rollout', 'restart', 'deployment/rolled');
    await kubectl('rollout', 'status', 'deployment/rolled', '--timeout=60s');
    await kubectl('rollout', 'undo', 'deployment/rolled');
    await kubectl('rollout', 'status', 'deployment/rolled', '--timeout=60s');
    const history = await kubectl('rollout', 'history', 'deployment/rolled');
    expect(history.match(/^\d+/gm)).toEqual(['2', '3']);
  });

  it('is scaled, also to nothing, and waited for', async () => {
    await apply(manifest('scaled', 1));
    await kubectl('scale', 'deployment/scaled', '--replicas=3');
    await kubectl(
      'wait',
      '--for=jsonpath={.status.availableReplicas}=3',
      'deployment/scaled',
      '--timeout=60s',
    );
    await kubectl('scale', 'deployment/scaled', '--replicas=0');
    await kubectl('wait', '--for=delete', 'pod', '-l', 'app=scaled', '--timeout=60s');
    await kubectl('wait', '--for=condition=Available', 'deployment/scaled', '--timeout=60s');
  });

  it('takes its pods with it when it is deleted', async () => {
    await apply(manifest('deleted', 1));
    await kubectl('rollout', 'status', 'deployment/deleted', '--timeout=60s');
    await kubectl('delete', 'deployment', 'deleted', '--cascade=foreground');
    const { stdout } = await cluster.kubectl(['get', 'pods,replicasets', '-l', 'app=deleted', '-o', 'name']);
    expect(stdout).toBe('');
  });
});
