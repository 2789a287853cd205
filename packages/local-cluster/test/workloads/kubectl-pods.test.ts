/** Pods and jobs as kubectl uses them: run, wait, logs, describe, events, refusals. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

describe('pods and jobs through kubectl', () => {
  let cluster: TestCluster;
  const kubectl = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await cluster.kubectl(args);
    expect(stderr + stdout, args.join(' ')).toSatisfy(() => code === 0);
    return stdout;
  };

  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());

  it('follows the log of a pod until its end', async () => {
    const script = 'i=0; while [ $i -lt 5 ]; do echo line $i; i=$((i+1)); sleep 0.4; done';
    await kubectl('run', 'talks', '--image=busybox:1', '--restart=Never', '--', 'sh', '-c', script);
    // There is no log before the container has started, and on a busy machine it may soon have ended.
    const stdout = 'line 0\nline 1\nline 2\nline 3\nline 4\n';
    const follow = () => cluster.kubectl(['logs', '-f', 'talks']);
    await expect.poll(follow, { timeout: 60_000 }).toMatchObject({ code: 0, stdout });
    await kubectl('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/talks', '--timeout=60s');
    expect(await kubectl('get', 'pod', 'talks')).toMatch(/talks +0\/1 +Completed +0 /);
  });

  it('shows restarts, the log of the life before, and why in describe', async () => {
    await kubectl('run', 'crashes', '--image=busybox:1', '--', 'sh', '-c', 'echo boom; exit 1');
    const waiting = '--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff';
    await kubectl('wait', waiting, 'pod/crashes', '--timeout=60s');
    // Its next life begins after some seconds: what is looked at is asked for again and again.
    const shows = (text: RegExp, ...args: string[]) =>
      expect.poll(() => kubectl(...args), { timeout: 60_000 }).toMatch(text);
    await shows(/crashes +0\/1 +CrashLoopBackOff +[1-9]/, 'get', 'pod', 'crashes');
    await shows(/^boom\n$/, 'logs', 'crashes', '--previous');
    await shows(/Reason: +CrashLoopBackOff[^]*Exit Code: +1/, 'describe', 'pod', 'crashes');
    await shows(/BackOff +.*kubelet +Back-off restarting failed container/, 'describe', 'pod', 'crashes');
    await kubectl('delete', 'pod', 'crashes', '--wait=true');
  });

  it('completes a job and shows it in columns', async () => {
    await kubectl('create', 'job', 'hello', '--image=busybox:1', '--', 'sh', '-c', 'echo hello');
    await kubectl('wait', '--for=condition=Complete', 'job/hello', '--timeout=60s');
    expect(await kubectl('get', 'job', 'hello')).toMatch(
      /NAME +STATUS +COMPLETIONS +DURATION +AGE\nhello +Complete +1\/1 /,
    );
    expect(await kubectl('logs', 'job/hello')).toBe('hello\n');
    expect(await kubectl('get', 'jobs', '-l', 'job-name=hello', '-o', 'name')).toBe('job.batch/hello\n');
    const described = await kubectl('describe', 'pod', '-l', 'batch.kubernetes.io/job-name=hello');
    expect(described).toMatch(/Scheduled +.*default-scheduler +Successfully assigned \S+\/hello-\w+ to /);
    await kubectl('delete', 'job', 'hello');
    await kubectl('wait', '--for=delete', 'pod', '-l', 'job-name=hello', '--timeout=60s');
  });

  it('refuses a pod that is wrong, naming the fields', async () => {
    // The first line tells older kubectl that this is no JSON.
    const pod = (container: string): string =>
      `---\n{apiVersion: v1, kind: Pod, metadata: {name: wrong}, spec: {containers: [${container}]}}`;
    const misspelt = await cluster.kubectl(['apply', '-f', '-'], pod('{name: app, imagee: busybox:1}'));
    expect(misspelt.code).toBe(1);
    expect(misspelt.stderr).toContain('unknown field "spec.containers[0].imagee"');
    const mount = '{name: app, image: busybox:1, volumeMounts: [{name: nowhere, mountPath: /x}]}';
    const unknown = await cluster.kubectl(['apply', '-f', '-'], pod(mount));
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('spec.containers[0].volumeMounts[0].name: Not found: "nowhere"');
    const { stderr } = await cluster.kubectl(['apply', '-f', '-'], pod('{name: app}'));
    expect(stderr).toContain('spec.containers[0].image: Required value');
  });

  it('gives a service an address and the endpoints of its ready pods', async () => {
    const sleep = 'trap "exit 0" TERM; while :; do sleep 0.1; done';
    await kubectl('run', 'served', '--image=busybox:1', '--port=8080', '--expose', '--', 'sh', '-c', sleep);
    await kubectl('wait', '--for=condition=Ready', 'pod/served', '--timeout=60s');
    expect(await kubectl('get', 'service', 'served')).toMatch(
      /NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nserved +ClusterIP +\d+\.\d+\.\d+\.\d+ +<none> +8080\/TCP /,
    );
    const ready = '--for=jsonpath={.endpoints[0].conditions.ready}=true';
    await kubectl('wait', ready, 'endpointslice', '-l', 'kubernetes.io/service-name=served', '--timeout=60s');
    const path = 'jsonpath={.items[*].endpoints[*].targetRef.name}';
    expect(await kubectl('get', 'endpointslice', '-l', 'kubernetes.io/service-name=served', '-o', path)).toBe(
      'served',
    );
  });
});
