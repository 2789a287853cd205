import { describe, expect, it } from 'vitest';
import { wrongPortNotice } from './container-health.ts';
import { portVariables } from './plan-container.ts';

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
