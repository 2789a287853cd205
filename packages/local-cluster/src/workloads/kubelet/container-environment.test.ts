import { describe, expect, it } from 'vitest';
import { expandVariables, readPodField, readResourceField } from './container-environment.ts';

describe('expansion of variables', () => {
  it.each([
    ['$(A)', 'one'],
    ['$(A)$(A)', 'oneone'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$one'],
    ['$(B)', '$(B)'],
    ['$A ${A} `A`', '$A ${A} `A`'],
    ['$(A', '$(A'],
  ])('of %s gives %s', (text, expected) => {
    expect(expandVariables(text, { A: 'one' })).toBe(expected);
  });

  it('does not expand what a value brings', () => {
    expect(expandVariables('$(A)', { A: '$(B)', B: 'two' })).toBe('$(B)');
  });
});

describe('fields of a pod', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', uid: 'u', labels: { 'app.kubernetes.io/name': 'web' } },
    spec: { containers: [{ name: 'app' }] },
  };

  it.each([
    ['metadata.name', 'web'],
    ["metadata.labels['app.kubernetes.io/name']", 'web'],
    ["metadata.annotations['none']", ''],
    ['metadata.labels', 'app.kubernetes.io/name="web"'],
    ['status.podIP', '127.1.2.3'],
    ['spec.secret', undefined],
  ])('%s is %s', (path, expected) => {
    expect(readPodField(pod, '127.1.2.3', path)).toBe(expected);
  });

  it.each([
    ['limits.memory', '67108864'],
    ['limits.cpu', '1'],
    ['requests.cpu', '0'],
  ])('%s of a container is %s', (resource, expected) => {
    const container = { name: 'app', resources: { limits: { memory: '64Mi', cpu: '500m' } } };
    expect(readResourceField(container, resource)).toBe(expected);
  });
});
