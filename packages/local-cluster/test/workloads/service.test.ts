/** Services: endpoints, names and addresses, as pods see them. */

import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/contracts/kube-object.ts';
import {
  ENDPOINT_SLICES,
  ENDPOINTS,
  isEndpointSlice,
  isService,
  PODS,
  SERVICES,
  type EndpointSlice,
} from '../../src/workloads/specs/workload-objects.ts';
import { FETCH, serverCommand, shellPod, type WorkloadRig } from './workload-rig.ts';
import { until } from './until.ts';
import { useWorkloads } from './workload-suite.ts';

const service = (name: string, spec: Record<string, unknown>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec,
});

function serverPod(name: string, app: string): KubeObject {
  const container = {
    command: serverCommand(8080),
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 1 },
  };
  const pod = shellPod(name, '', {}, container);
  return { ...pod, metadata: { name, labels: { app } } };
}

/** A pod that asks a URL again and again and logs the answers, `none` for a failure. */
function callerPod(url: string): KubeObject {
  const script = `trap "exit 0" TERM; while :; do ${FETCH} "$URL" || echo none; sleep 0.2; done`;
  return shellPod('caller', script, {}, { env: [{ name: 'URL', value: url }] });
}

function readySlices(rig: WorkloadRig): EndpointSlice[] {
  const slices = rig.list(ENDPOINT_SLICES).filter(isEndpointSlice);
  const isReady = ({ endpoints }: EndpointSlice): boolean =>
    (endpoints ?? []).some((endpoint) => endpoint.conditions?.ready === true);
  return slices.filter(isReady);
}

const readyPods = (rig: WorkloadRig): string[] =>
  readySlices(rig)
    .flatMap(({ endpoints }) => endpoints)
    .filter(({ conditions }) => conditions?.ready === true)
    .map(({ targetRef }) => targetRef?.name ?? '')
    .toSorted();

const answers = async (rig: WorkloadRig): Promise<string[]> =>
  (await rig.log('caller')).split('\n').filter((line) => line !== '');

describe('a service', () => {
  const openRig = useWorkloads();

  it('has its ready pods as endpoints and sends requests to all of them', async () => {
    await using rig = await openRig();
    const ports = [{ port: 80, targetPort: 'http' }];
    await rig.create(SERVICES, service('web', { selector: { app: 'web' }, ports }));
    await rig.create(PODS, serverPod('one', 'web'));
    await rig.create(PODS, serverPod('two', 'web'));
    await until(() => readyPods(rig).join() === 'one,two');
    const [slice] = readySlices(rig);
    expect(slice?.endpoints[0]?.targetRef).toMatchObject({ kind: 'Pod', namespace: rig.namespace });
    expect(slice?.metadata.labels?.['kubernetes.io/service-name']).toBe('web');
    await until(() => JSON.stringify(rig.get(ENDPOINTS, 'web')?.['subsets'])?.includes('"name":"one"'));
    await rig.create(PODS, callerPod(`http://web.${rig.namespace}.svc.cluster.local`));
    const heard = async () => new Set(await answers(rig));
    await expect.poll(heard, { timeout: 60_000 }).toEqual(new Set(['one', 'two']));
  });

  it('leaves out a pod that is ending and refuses connections when none is left', async () => {
    await using rig = await openRig();
    const ports = [{ port: 80, targetPort: 8080 }];
    await rig.create(SERVICES, service('web', { selector: { app: 'web' }, ports }));
    await rig.create(PODS, serverPod('one', 'web'));
    await until(() => readySlices(rig).length === 1);
    await rig.create(PODS, callerPod(`http://web.${rig.namespace}.svc.cluster.local`));
    const last = async () => (await answers(rig)).at(-1);
    await expect.poll(last, { timeout: 60_000 }).toBe('one');
    await rig.remove(PODS, 'one');
    await until(() => readySlices(rig).length === 0);
    await expect.poll(last, { timeout: 60_000 }).toBe('none');
  });

  it('is named in the environment and the arguments of an app, and by variables', async () => {
    await using rig = await openRig();
    const ports = [{ port: 8080, targetPort: 8080 }];
    await rig.create(SERVICES, service('demo-api', { selector: { app: 'demo-api' }, ports }));
    await rig.create(PODS, serverPod('server', 'demo-api'));
    await until(() => readySlices(rig).length === 1);
    const host = `demo-api.${rig.namespace}.svc.cluster.local`;
    const urls = ['"$URL"', '"http://$0"', '"http://$DEMO_API_SERVICE_HOST:$DEMO_API_SERVICE_PORT"'];
    const container = {
      command: ['sh', '-ec', urls.map((url) => `${FETCH} ${url}`).join('\n'), `${host}:8080`],
      env: [{ name: 'URL', value: `http://${host}:8080/` }],
    };
    await rig.create(PODS, shellPod('caller', '', { restartPolicy: 'Never' }, container));
    await until(() => ['Succeeded', 'Failed'].includes(rig.pod('caller')?.status?.phase ?? ''));
    expect(await answers(rig)).toEqual(['server', 'server', 'server']);
  });

  it('uses a target port that no container declares as it is', async () => {
    await using rig = await openRig();
    const ports = [{ port: 80, targetPort: 21234 }];
    await rig.create(SERVICES, service('routed', { selector: { app: 'router' }, ports }));
    await rig.create(PODS, shellPod('router', '', {}, { command: serverCommand(21234) }));
    await until(() => readySlices(rig).length === 1);
    expect(readySlices(rig)[0]?.ports?.[0]?.port).toBe(21234);
    await rig.create(PODS, callerPod(`http://routed.${rig.namespace}.svc.cluster.local`));
    await expect.poll(() => answers(rig), { timeout: 60_000 }).toContain('router');
  });

  it('has endpoints but no address when it is headless', async () => {
    await using rig = await openRig();
    const spec = { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] };
    await rig.create(SERVICES, service('headless', spec));
    await rig.create(PODS, serverPod('one', 'web'));
    await until(() => readyPods(rig).join() === 'one');
    const found = rig.get(SERVICES, 'headless');
    expect(found !== undefined && isService(found) && found.spec.clusterIP).toBe('None');
  });
});
