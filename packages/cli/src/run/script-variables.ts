/** The environment variables that the scripts have always read; flags win over them. Pure. */

import { dropAbsent } from '../drop-absent.ts';
import type { ClusterOptions } from '../open-cluster.ts';
import type { RunOptions } from './request-run.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

type Shared = Pick<RunOptions, 'gitUrl' | 'gitRevision' | 'registry' | 'sshSecret'> & ClusterOptions;

/** NAMESPACE, IMAGE_REGISTRY, GIT_URL, GIT_REVISION and GIT_SSH_SECRET_NAME fill what is missing. */
export function fallBackToVariables(options: Shared, variables: Variables): Shared {
  const read = (name: string): string | undefined => {
    const value = variables[name];
    return value === '' ? undefined : value;
  };
  return dropAbsent({
    namespace: options.namespace ?? read('NAMESPACE'),
    registry: options.registry ?? read('IMAGE_REGISTRY'),
    gitUrl: options.gitUrl ?? read('GIT_URL'),
    gitRevision: options.gitRevision ?? read('GIT_REVISION'),
    sshSecret: options.sshSecret ?? read('GIT_SSH_SECRET_NAME'),
    context: options.context,
    kubeconfig: options.kubeconfig,
  });
}
