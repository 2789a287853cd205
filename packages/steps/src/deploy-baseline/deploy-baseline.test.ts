import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeEnvValue } from '../kubernetes/escape-env-value.ts';
import { childName } from '../kubernetes/child-name.ts';
import { findPodTrouble } from '../kubernetes/find-pod-trouble.ts';
import { isRolledOut } from '../kubernetes/wait-for-rollout.ts';
import { assignRouterPorts } from './assign-router-ports.ts';

const service = (name: string, port: number, created = '2026-01-01T00:00:00Z') => ({
  metadata: { name, creationTimestamp: created },
  spec: { ports: [{ port: 80, targetPort: port }] },
});

describe('assignRouterPorts', () => {
  it('keeps what is there and fills the gaps', () =>
    expect([...assignRouterPorts(['a', 'b', 'c'], [service('b', 20_000), service('other', 20_002)])]).toEqual(
      [
        ['a', 20_001],
        ['b', 20_000],
        ['c', 20_003],
      ],
    ));

  it('lets the older of two Services keep a port that both claim', () => {
    const claimed = [service('young', 20_000, '2026-02-01T00:00:00Z'), service('old', 20_000)];
    expect([...assignRouterPorts(['young', 'old'], claimed)]).toEqual([
      ['young', 20_001],
      ['old', 20_000],
    ]);
  });

  it('never gives a port twice, and gives the same ports again', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { maxLength: 20 });
    fc.assert(
      fc.property(
        names,
        fc.array(
          fc.record({
            name: fc.stringMatching(/^[a-z]{1,4}$/),
            port: fc.integer({ min: 20_000, max: 20_010 }),
          }),
        ),
        (apps, taken) => {
          const existing = [...new Map(taken.map(({ name, port }) => [name, service(name, port)])).values()];
          const ports = assignRouterPorts(apps, existing);
          expect(new Set(ports.values()).size).toBe(apps.length);
          const again = assignRouterPorts(
            apps,
            [...ports].map(([name, port]) => service(name, port)),
          );
          expect([...again]).toEqual([...ports]);
        },
      ),
    );
  });
});

/** What Kubernetes does to env values: `$$` is a dollar, `$(NAME)` a reference, the rest stays. */
const expandAsKubernetes = (text: string): string =>
  text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (token) => (token === '$$' ? '$' : 'EXPANDED'));

describe('escapeEnvValue', () => {
  it('gives the container the text as it was', () => {
    const text = fc
      .array(fc.constantFrom('$', '(', ')', 'A', '$$', '$(A)', ' ', 'é', '\n'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (value) => {
        expect(expandAsKubernetes(escapeEnvValue(value))).toBe(value);
      }),
    );
  });
});

describe('childName', () => {
  it('is short enough for a label and tells long names apart', () => {
    const long = 'x'.repeat(60);
    expect(childName('run', 'build-api')).toBe('run-build-api');
    expect(childName(long, 'build-a')).toHaveLength(63);
    expect(childName(long, 'build-a')).not.toBe(childName(long, 'build-b'));
  });
});

describe('isRolledOut', () => {
  const status = { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
  const deployment = {
    metadata: { generation: 2 },
    spec: { replicas: 1, selector: {}, template: {} },
    status,
  };
  it('waits for the controller, for new pods and for the old ones to go', () => {
    expect(isRolledOut(deployment)).toBe(true);
    expect(isRolledOut({ ...deployment, status: { ...status, observedGeneration: 1 } })).toBe(false);
    expect(isRolledOut({ ...deployment, status: { ...status, replicas: 2 } })).toBe(false);
    expect(isRolledOut({ ...deployment, status: { ...status, availableReplicas: 0 } })).toBe(false);
    expect(isRolledOut({ ...deployment, status: {} })).toBe(false);
  });
});

describe('findPodTrouble', () => {
  const pod = (status: object) => ({
    metadata: { name: 'p' },
    status: {
      containerStatuses: [{ name: 'app', image: 'i', imageID: '', ready: false, restartCount: 0, ...status }],
    },
  });
  it('names images that cannot be had and containers that keep crashing', () => {
    expect(
      findPodTrouble(pod({ state: { waiting: { reason: 'ErrImagePull', message: 'no' } } })),
    ).toMatchObject({ reason: 'image', message: 'ErrImagePull: no' });
    const crashed = { restartCount: 3, lastState: { terminated: { exitCode: 7 } } };
    expect(findPodTrouble(pod(crashed))).toMatchObject({
      reason: 'crash-loop',
      message: 'exits with code 7, restarted 3 times',
    });
  });
  it('has patience with one crash and with containers that start', () => {
    expect(
      findPodTrouble(pod({ restartCount: 1, lastState: { terminated: { exitCode: 7 } } })),
    ).toBeUndefined();
    expect(findPodTrouble(pod({ state: { waiting: { reason: 'ContainerCreating' } } }))).toBeUndefined();
  });
});
