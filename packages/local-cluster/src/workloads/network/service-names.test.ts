import { describe, expect, it } from 'vitest';
import { replaceServiceNames, serviceVariables } from './service-names.ts';

const lookup = (namespace: string, name: string): string | undefined =>
  namespace === 'staging' && name === 'demo-api' ? '127.1.2.3' : undefined;

describe('service names', () => {
  it.each([
    ['http://demo-api.staging.svc:8080/x', 'http://127.1.2.3:8080/x'],
    ['demo-api.staging.svc.cluster.local', '127.1.2.3'],
    ['a=demo-api.staging.svc,b=demo-api.staging.svc.cluster.local.', 'a=127.1.2.3,b=127.1.2.3'],
    ['other.staging.svc:80', 'other.staging.svc:80'],
    ['my.demo-api.staging.svc', 'my.demo-api.staging.svc'],
    ['demo-api.staging.svc.example.com', 'demo-api.staging.svc.example.com'],
    ['demo-api.staging.svcs', 'demo-api.staging.svcs'],
    ['demo-api.staging', 'demo-api.staging'],
  ])('in %s become %s', (text, expected) => {
    expect(replaceServiceNames(text, lookup)).toBe(expected);
  });

  it('are told by variables as well, but for headless services', () => {
    const service = (name: string, clusterIP: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { clusterIP, ports: [{ name: 'http', port: 80 }] },
    });
    expect(serviceVariables([service('demo-api', '127.1.2.3'), service('headless', 'None')])).toEqual({
      DEMO_API_SERVICE_HOST: '127.1.2.3',
      DEMO_API_SERVICE_PORT: '80',
      DEMO_API_SERVICE_PORT_HTTP: '80',
      DEMO_API_PORT: 'tcp://127.1.2.3:80',
    });
  });
});
