/** createVolumeMounter: the volumes of one pod as host directories, tried until all that they show is there. */

import { mkdirSync } from 'node:fs';
import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { Pod } from '../specs/workload-objects.ts';
import { pause } from './pause.ts';
import { prepareVolumes } from './pod-volumes.ts';
import { readConfigMap, readSecret } from './referenced-data.ts';

export interface VolumeMounterOptions {
  readonly context: ClusterContext;
  readonly pod: Pod;
  readonly podIp: string;
  /** Is told what is missing, at each attempt. */
  readonly onFailure: (message: string) => void;
}

export interface VolumeMounter {
  /** Host directory per volume name; undefined when the signal came first. */
  mount(signal: AbortSignal): Promise<ReadonlyMap<string, string> | undefined>;
  /** Brings the files up to date with the objects that they come from. */
  refresh(): void;
}

const MOUNT_RETRY_MS = 500;

export function createVolumeMounter({ context, pod, podIp, onFailure }: VolumeMounterOptions): VolumeMounter {
  const { namespace = '', uid = '' } = pod.metadata;
  const prepare = (): ReadonlyMap<string, string> | undefined => {
    const volumes = prepareVolumes({
      pod,
      podIp,
      configMap: (name) => readConfigMap(context.store, namespace, name),
      secret: (name) => readSecret(context.store, namespace, name),
      directory: (name) => makeDirectory(context.paths.volume(uid, name)),
      claimDirectory: (name) => findClaim(context, namespace, name),
    });
    if (volumes.ok) return volumes.value;
    onFailure(volumes.error);
    return undefined;
  };
  return {
    mount: async (signal) => {
      while (!signal.aborted) {
        const volumes = prepare();
        if (volumes !== undefined) return volumes;
        await pause(MOUNT_RETRY_MS, signal);
      }
      return undefined;
    },
    refresh: () => void prepare(),
  };
}

function makeDirectory(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

function findClaim({ store, paths }: ClusterContext, namespace: string, name: string): string | undefined {
  const claim = store.get({ group: '', resource: 'persistentvolumeclaims', namespace, name });
  return claim === undefined
    ? undefined
    : makeDirectory(paths.volume(`claim-${claim.metadata.uid ?? ''}`, 'data'));
}
