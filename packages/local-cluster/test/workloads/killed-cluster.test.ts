/** A whole local cluster killed with -9 and started again: its pods run again, nothing of the old ones is left. */

import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { requestWith } from '../cluster-fixture.ts';
import { endProcess, startClusterProcess } from '../start-cluster-process.ts';
import { describeLocally } from '../local-only.ts';

const MARKER = `killed-cluster-${process.pid}`;

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          { name: 'app', image: 'busybox:1', command: ['sh', '-c', 'while :; do sleep 0.1; done', MARKER] },
        ],
      },
    },
  },
};

describeLocally('a local cluster that is killed', () => {
  it('comes back with its pods running again and counted as restarted', { timeout: 150_000 }, async () => {
    const state = mkdtempSync(join(tmpdir(), 'killed-cluster-'));
    onTestFinished(() => rmSync(state, { recursive: true, force: true }));
    const first = await startClusterProcess(state);
    onTestFinished(() => endProcess(first.child, 'SIGTERM'));
    const path = '/apis/apps/v1/namespaces/default/deployments';
    await requestWith(first.kubeconfigPath)(path, { method: 'POST', body: deployment });
    await expect.poll(() => readyPods(first.kubeconfigPath), { timeout: 60_000 }).toEqual([0, 0]);
    await endProcess(first.child, 'SIGKILL');
    const second = await startClusterProcess(state);
    onTestFinished(() => endProcess(second.child, 'SIGTERM'));
    await expect.poll(() => readyPods(second.kubeconfigPath), { timeout: 60_000 }).toEqual([1, 1]);
    expect(countMarked()).toBe(2);
    await endProcess(second.child, 'SIGTERM');
    expect(countMarked()).toBe(0);
  });
});

interface PodList {
  readonly items: readonly {
    readonly status?: {
      readonly containerStatuses?: readonly { readonly ready: boolean; readonly restartCount: number }[];
    };
  }[];
}

/** The restart counts of the pods that are ready. */
async function readyPods(kubeconfig: string): Promise<number[]> {
  const { body } = await requestWith(kubeconfig)('/api/v1/namespaces/default/pods');
  const list: PodList = JSON.parse(JSON.stringify(body));
  return list.items
    .flatMap((pod) => pod.status?.containerStatuses ?? [])
    .filter((status) => status.ready)
    .map((status) => status.restartCount);
}

/** Live leaders of process groups that carry the marker; a shell that has just forked does not count twice. */
function countMarked(): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/stat`).split(') ')[1]?.split(' ')[2] === name)
    .filter((pid) => read(`/proc/${pid}/cmdline`).split('\0').includes(MARKER)).length;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
