import { describe, expect, it } from 'vitest';
import { wrongPortNotice } from './container-health.ts';
import { portVariables, withHostPorts } from './plan-container.ts';

const container = {
  name: 'app',
  ports: [
    { name: 'http', containerPort: 8080 },
    { name: 'web-admin', containerPort: 9090 },
  ],
};
const served = new Map([
  [8080, 12_000],
  [9090, 12_001],
]);

describe('the variables of the ports', () => {
  it('are PORT for the first and PORT_<NAME> for each named port', () => {
    expect(portVariables(container, served)).toEqual({
      PORT: '12000',
      PORT_HTTP: '12000',
      PORT_WEB_ADMIN: '12001',
    });
  });

  it('are none without declared ports', () => {
    expect(portVariables({ name: 'app' }, served)).toEqual({});
  });
});

describe('variables of the manifest', () => {
  const listenOn = (name: string, value: string) =>
    withHostPorts({ ...container, env: [{ name, value }] }, served).env?.[0]?.value;

  it.each(['PORT', 'PORT_HTTP', 'SERVER_PORT', 'TEKTON_DAG_LISTEN_PORT', 'TEKTON_DAG_METRICS_PORT'])(
    'that tell where to listen tell the host port: %s',
    (name) => {
      expect(listenOn(name, '8080')).toBe('12000');
    },
  );

  it.each([
    ['DEMO_API_PORT', '8080'],
    ['EXPORT', '8080'],
    ['PORT', '7070'],
    ['LISTEN_PORT', '0'],
  ])('stay as they are otherwise: %s=%s', (name, value) => {
    expect(listenOn(name, value)).toBe(value);
  });
});

describe('the notice about a wrong port', () => {
  const hostPort = (port: number): number => served.get(port) ?? port;

  it('names both ports when the app listens on its container port', () => {
    expect(wrongPortNotice(container, hostPort, new Set([8080]))).toMatch(
      /listens on 8080, .* \$PORT \(now 12000\)/,
    );
  });

  it.each([[[12_000]], [[]], [[8080, 12_000]]])('is not given when %j are listened on', (ports) => {
    expect(wrongPortNotice(container, hostPort, new Set(ports))).toBeUndefined();
  });
});
