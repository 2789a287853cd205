import { describe, expect, it } from 'vitest';
import { orderEndpoints, pickBackend } from './pick-backend.ts';

const backend = (service: string, weight: number) => ({ service, weight, endpoints: [] });

describe('a backend', () => {
  it('gets its share by weight, and nothing with weight 0', () => {
    const backends = [backend('none', 0), backend('one', 1), backend('three', 3)];
    const picked = (at: number) => pickBackend(backends, () => at)?.service;
    expect([picked(0), picked(0.24), picked(0.25), picked(0.999)]).toEqual(['one', 'one', 'three', 'three']);
  });
});

describe('endpoints', () => {
  it('are all tried once, beginning anywhere', () => {
    const endpoints = ['a', 'b', 'c'].map((pod, at) => ({ address: `10.0.0.${at}`, port: 1, pod }));
    const order = (at: number) => orderEndpoints(endpoints, () => at).map(({ pod }) => pod);
    expect([order(0), order(0.5), order(0.99)]).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c', 'a'],
      ['c', 'a', 'b'],
    ]);
  });
});
