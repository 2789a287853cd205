/** The router in front of real apps: who gets which request, and what is recorded of it. */
import { describe, expect, it } from 'vitest';
import { endpointSliceOf, interceptRouteOf, routedServiceOf, serviceRouteOf } from '../src/testing/index.ts';
import { createRouterRig, objectsOfOneApp } from './router-rig.ts';

describe('an app with an intercept', () => {
  it('gives tagged requests to the pull request and all others to the baseline', async () => {
    await using rig = await createRouterRig();
    const baseline = await rig.serve((_, response) => response.end('baseline'));
    const four = await rig.serve((_, response) => response.end('pr-4'));
    const fortyTwo = await rig.serve((_, response) => response.end('pr-42'));
    const { address } = rig;
    const endpoint = (service: string, port: number) =>
      endpointSliceOf({ service, endpoints: [{ address, port, pod: `${service}-0` }] });
    await rig.route({
      services: [routedServiceOf({ name: 'app', port: 20_000 })],
      httpRoutes: [
        serviceRouteOf({ service: 'app' }),
        interceptRouteOf({ service: 'app', session: 'pr-4' }),
        interceptRouteOf({ service: 'app', session: 'pr-42' }),
      ],
      endpointSlices: [
        ...endpoint('app-baseline', baseline.port),
        ...endpoint('app-pr-4', four.port),
        ...endpoint('app-pr-42', fortyTwo.port),
      ],
    });
    const bodyFor = async (headers: Record<string, string>) => (await rig.send(20_000, { headers })).body;
    expect(await bodyFor({})).toBe('baseline');
    expect(await bodyFor({ 'x-dev-session': 'pr-4' })).toBe('pr-4');
    expect(await bodyFor({ 'X-Dev-Session': 'pr-42' })).toBe('pr-42');
    expect(await bodyFor({ 'x-dev-session': 'pr-421' })).toBe('baseline');
    expect(await bodyFor({ 'x-dev-session': 'pr-4, pr-42' })).toBe('baseline');
    expect(await bodyFor({ baggage: 'dev-session=pr-4' })).toBe('pr-4');
    expect(await bodyFor({ baggage: 'dev-session=pr-42' })).toBe('pr-42');
    expect(await bodyFor({ baggage: 'user=ann, dev-session = pr-42 ;ttl=1 , other=pr-4' })).toBe('pr-42');
    expect(await bodyFor({ baggage: 'dev-session=pr-4.2' })).toBe('baseline');
    expect(await bodyFor({ baggage: 'my-dev-session=pr-4' })).toBe('baseline');
    expect(await bodyFor({ baggage: 'note=dev-session=pr-4' })).toBe('baseline');
    expect(await bodyFor({ host: 'app-pr-4' })).toBe('baseline');
  });
});

describe('an untagged request', () => {
  it('reaches the backend as it was sent, header order and case included', async () => {
    await using rig = await createRouterRig();
    const seen: string[][] = [];
    const app = await rig.serve((request, response) => {
      seen.push(request.rawHeaders);
      response.sendDate = false;
      response.writeHead(200, ['X-Answer', 'One', 'x-answer', 'two', 'Content-Length', '2']);
      response.end('ok');
    });
    await rig.route(objectsOfOneApp(rig.address, app.port));
    const headers = [
      'Host',
      'shop.example',
      'X-B',
      '2',
      'x-a',
      '1',
      'X-b',
      '3',
      'Traceparent',
      'not valid',
      'Cookie',
      'a=b',
    ];
    const answer = await rig.send(20_000, { headers });
    expect(seen).toEqual([[...headers, 'Connection', 'keep-alive']]);
    expect(answer.rawHeaders.slice(0, 6)).toEqual([
      'X-Answer',
      'One',
      'x-answer',
      'two',
      'Content-Length',
      '2',
    ]);
    expect(answer.headers['x-tekton-dag-served-by']).toBeUndefined();
    expect(answer.headers.date).toBeUndefined();
  });
});
