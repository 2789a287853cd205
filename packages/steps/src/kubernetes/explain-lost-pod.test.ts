import type { Pod } from '@tekton-dag/kube';
import { describe, expect, it } from 'vitest';
import { explainLostPod } from './explain-lost-pod.ts';

const podOf = (fields: Partial<Pod>): Pod => ({ apiVersion: 'v1', kind: 'Pod', ...fields });

describe('explainLostPod', () => {
  it.each<[string, Pod | undefined, string | undefined]>([
    ['a pod that is gone', undefined, 'its pod was deleted'],
    [
      'a pod that is going',
      podOf({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      'its pod was deleted',
    ],
    [
      'a pod that was evicted',
      podOf({ status: { phase: 'Failed', reason: 'Evicted', message: 'low on memory' } }),
      'its pod was ended by the node (Evicted): low on memory',
    ],
    ['a pod whose step failed', podOf({ status: { phase: 'Failed' } }), undefined],
  ])('%s', (_, pod, expected) => expect(explainLostPod(pod)).toBe(expected));
});
