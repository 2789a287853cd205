/** Builds what the runtime starts out of a container's spec: environment, arguments, mounts, log. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { ContainerSpec, Mount } from '../../contracts/container-runtime.ts';
import type { ClusterNetwork } from '../network/cluster-network.ts';
import {
  addressOfService,
  replaceServiceNames,
  serviceVariables,
  variableName,
  type ServiceLookup,
} from '../network/service-names.ts';
import type { Container } from '../specs/pod-schema.ts';
import { isService, SERVICES, type Pod } from '../specs/workload-objects.ts';
import { expandVariables, resolveEnvironment } from './container-environment.ts';
import { mountVolumes } from './pod-volumes.ts';
import { readConfigMap, readSecret, textOf } from './referenced-data.ts';

export interface ContainerPlan {
  readonly context: ClusterContext;
  readonly network: ClusterNetwork;
  readonly pod: Pod;
  readonly podIp: string;
  readonly container: Container;
  /** Host directory per volume. */
  readonly volumes: ReadonlyMap<string, string>;
}

/** The error says which object or key is missing. */
export function planContainer(plan: ContainerPlan): Result<ContainerSpec, string> {
  const { context, pod, podIp, container } = plan;
  const { namespace = '', uid = '' } = pod.metadata;
  const account = resolveKubeconfig(context, pod);
  if (!account.ok) return account;
  const hostPorts = plan.network.portsOf(uid);
  const ports = portVariables(container, hostPorts);
  const env = resolveEnvironment(withHostPorts(container, hostPorts), {
    configMap: (each) => textOf(readConfigMap(context.store, namespace, each)),
    secret: (each) => textOf(readSecret(context.store, namespace, each)),
    pod,
    podIp,
    base: { ...linkedServices(context, pod), POD_IP: podIp, ...account.value, ...ports },
  });
  if (!env.ok) return env;
  const mounts = mountVolumes(container, plan.volumes, env.value);
  if (!mounts.ok) return mounts;
  return ok(renderSpec(plan, env.value, mounts.value));
}

function renderSpec(
  { context, pod, container }: ContainerPlan,
  env: Readonly<Record<string, string>>,
  mounts: readonly Mount[],
): ContainerSpec {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  const named = serviceLookup(context);
  const expand = (text: string): string => replaceServiceNames(expandVariables(text, env), named);
  const values = Object.entries(env).map(([key, value]) => [key, replaceServiceNames(value, named)]);
  return {
    podUid: uid,
    namespace,
    podName: name,
    container: container.name,
    image: container.image ?? '',
    ...(container.command === undefined ? {} : { command: container.command.map(expand) }),
    ...(container.args === undefined ? {} : { args: container.args.map(expand) }),
    env: Object.fromEntries(values),
    ...(container.workingDir === undefined ? {} : { workingDir: container.workingDir }),
    mounts,
    logPath: context.paths.containerLog(uid, container.name),
  };
}

/** PORT is the first declared port's host port; PORT_<NAME> that of a named one. */
export function portVariables(
  container: Container,
  hostPorts: ReadonlyMap<number, number> | undefined,
): Record<string, string> {
  const ports = (container.ports ?? []).map(({ name, containerPort }) => ({
    name,
    served: String(hostPorts?.get(containerPort) ?? containerPort),
  }));
  const [first] = ports;
  const named = ports
    .filter(({ name }) => name !== undefined)
    .map(({ name = '', served }): [string, string] => [`PORT_${variableName(name)}`, served]);
  return { ...(first === undefined ? {} : { PORT: first.served }), ...Object.fromEntries(named) };
}

/** Names of variables that say where a program is to listen. A plain `..._PORT` may just as well be another's. */
const LISTENS_ON = /^PORT$|^PORT_|(?:^|_)(?:LISTEN|SERVER|HTTP|METRICS|ADMIN)_PORT$/;

/** Where a manifest tells a program to listen on a declared container port, the host port takes its place. */
export function withHostPorts(
  container: Container,
  hostPorts: ReadonlyMap<number, number> | undefined,
): Container {
  const served = new Map(
    (container.ports ?? []).map(({ containerPort }) => [
      String(containerPort),
      String(hostPorts?.get(containerPort) ?? containerPort),
    ]),
  );
  const env = (container.env ?? []).map((variable) => {
    const port = LISTENS_ON.test(variable.name) ? served.get(variable.value ?? '') : undefined;
    return port === undefined ? variable : { ...variable, value: port };
  });
  return { ...container, env };
}

/** KUBECONFIG for pods whose service account is mounted (ServiceAccount and pod may both say no). */
function resolveKubeconfig(
  context: ClusterContext,
  { metadata, spec }: Pod,
): Result<Record<string, string>, string> {
  const { namespace = '' } = metadata;
  const name = spec.serviceAccountName ?? 'default';
  const account = context.store.get({ group: '', resource: 'serviceaccounts', namespace, name });
  if (account === undefined && name !== 'default')
    return err(`serviceaccount ${JSON.stringify(name)} not found`);
  const mounted = spec.automountServiceAccountToken ?? account?.['automountServiceAccountToken'] ?? true;
  return ok(mounted === false ? {} : { KUBECONFIG: context.serviceAccountKubeconfig(namespace, name) });
}

function linkedServices({ store }: ClusterContext, { metadata, spec }: Pod): Record<string, string> {
  if (spec.enableServiceLinks === false) return {};
  return serviceVariables(
    store.list(SERVICES, { namespace: metadata.namespace ?? '' }).items.filter(isService),
  );
}

function serviceLookup({ store }: ClusterContext): ServiceLookup {
  return (namespace, name) => {
    const service = store.get({ ...SERVICES, namespace, name });
    return service === undefined || !isService(service) ? undefined : addressOfService(service);
  };
}
