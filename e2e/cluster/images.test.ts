/** The program's image as a pod runs it: no user but its own, nothing to write to, and nothing compiled anew. */

import {
  createKubeClient,
  kinds,
  loadKubeConfig,
  waitFor,
  type KubeClient,
  type Pod,
} from '@tekton-dag/kube';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClusterSettings, type ClusterSettings } from './rig/cluster-settings.ts';

const START_TIMEOUT_MS = 300_000;

let settings: ClusterSettings;
let client: KubeClient;
const namespace = `tekton-dag-test-${randomBytes(4).toString('hex')}`;

beforeAll(async () => {
  settings = await readClusterSettings(process.env);
  const config = await loadKubeConfig({ env: { KUBECONFIG: settings.kubeconfig }, homeDir: '/' });
  if (!config.ok) throw new Error(config.error.message);
  client = createKubeClient(config.value);
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await client.resource(kinds.namespaces).create({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels },
  });
  const accounts = client.resource(kinds.serviceaccounts, namespace);
  await waitFor(accounts, 'default', () => true, { timeoutMs: START_TIMEOUT_MS });
});

afterAll(async () => {
  await client.resource(kinds.namespaces).delete(namespace);
  await client.close();
});

/** As the steps run: Pod Security `restricted`, and a root file system that cannot be written. */
function podOf(name: string, script: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'program',
          image: settings.image,
          command: ['sh', '-c', script],
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      ],
    },
  };
}

/** What the script printed; throws with it when the script failed. */
async function runInPod(name: string, script: string): Promise<string[]> {
  const pods = client.resource(kinds.pods, namespace);
  await pods.create(podOf(name, script));
  const hasEnded = (pod: Pod): boolean => /^(Succeeded|Failed)$/.test(pod.status?.phase ?? '');
  const ended = await waitFor(pods, name, hasEnded, { timeoutMs: START_TIMEOUT_MS });
  const lines: string[] = [];
  for await (const line of pods.logs(name)) lines.push(line);
  if (ended.ok && ended.value.status?.phase === 'Succeeded') return lines;
  throw new Error(`the pod ${name} did not succeed: ${lines.join('\n')}`);
}

describe('the image of the program', () => {
  it('runs as its own user, without a right, on a file system that it cannot write', async () => {
    const lines = await runInPod(
      'rights',
      'set -e; id -u; git --version; ssh -V 2>&1; tekton-dag version; ! touch /opt/tekton-dag/lib/x 2>/dev/null',
    );
    expect(lines).toEqual([
      '65532',
      expect.stringMatching(/^git version /),
      expect.stringMatching(/^OpenSSH_/),
      expect.stringMatching(/^tekton-dag \d+\.\d+\.\d+ \(node 24\./),
    ]);
  });

  it('starts steps from what was compiled when the image was made', async () => {
    const script = 'NODE_DEBUG_NATIVE=COMPILE_CACHE tekton-dag step cleanup 2>&1';
    const lines = await runInPod('compiled', `${script}; true`);
    const modules = lines.filter((line) => /^\[compile cache\] .*\/opt\/tekton-dag\/lib\//.test(line));
    expect(lines.some((line) => line.startsWith('error[STEP_ENV_INVALID]'))).toBe(true);
    expect(modules.filter((line) => line.includes('because cache was the same')).length).toBeGreaterThan(5);
    expect(modules.filter((line) => /writing cache|was not initialized/.test(line))).toEqual([]);
  });
});
