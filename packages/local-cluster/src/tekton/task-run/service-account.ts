/** Credentials of a TaskRun's service account: a kubeconfig, unless the account or the pod says no. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { Mount } from '../../contracts/container-runtime.ts';
import type { TaskRun } from '../specs/read-run.ts';
import type { ConfigFailure } from './config-failure.ts';

export interface Credentials {
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
}

/** Where a sandboxed step finds its kubeconfig. */
export const KUBECONFIG_PATH = '/var/run/secrets/tekton-dag.io/kubeconfig';

/** Where Kubernetes mounts the token, unless something of the container's own is mounted there. */
export const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The file of an account stays good while the account is the same; writing it for each TaskRun would cost time. */
const knownFiles = new WeakMap<ClusterContext, Map<string, string>>();

function kubeconfigOf(namespace: string, name: string, uid: string, context: ClusterContext): string {
  const files = knownFiles.get(context) ?? new Map<string, string>();
  knownFiles.set(context, files);
  const key = `${namespace}/${name}/${uid}`;
  const path = files.get(key) ?? context.serviceAccountKubeconfig(namespace, name);
  files.set(key, path);
  return path;
}

/** Fails when the account does not exist; `default` always does, as in a real namespace. */
export function resolveCredentials(
  run: TaskRun,
  context: ClusterContext,
): Result<Credentials, ConfigFailure> {
  const name = run.spec.serviceAccountName ?? 'default';
  const account = context.store.get({
    group: '',
    resource: 'serviceaccounts',
    namespace: run.namespace,
    name,
  });
  if (account === undefined && name !== 'default') {
    return err({
      reason: 'PodCreationFailed',
      message: `failed to create task run pod "${run.name}": translating TaskSpec to Pod: serviceaccounts "${name}" not found. Maybe invalid TaskSpec`,
    });
  }
  const wants =
    run.spec.podTemplate?.automountServiceAccountToken ?? account?.['automountServiceAccountToken'];
  if (wants === false) return ok({ env: {}, mounts: [] });
  const hostPath = kubeconfigOf(run.namespace, name, account?.metadata.uid ?? '', context);
  const mount: Mount = { hostPath, path: KUBECONFIG_PATH, readOnly: true };
  return ok({ env: { KUBECONFIG: context.runtime.pathOf(mount) }, mounts: [mount] });
}
