/** Works out a container's environment: sources, references, expansion (Kubernetes, "Define Environment Variables"). Pure. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { Container, EnvVar, PodSpec } from '../specs/pod-schema.ts';
import type { Pod } from '../specs/workload-objects.ts';

/** How references are looked up; undefined when there is no such object. */
export interface ReferenceLookup {
  configMap(name: string): Readonly<Record<string, string>> | undefined;
  secret(name: string): Readonly<Record<string, string>> | undefined;
}

export interface EnvironmentSurroundings extends ReferenceLookup {
  readonly pod: Pod;
  readonly podIp: string;
  /** Variables that exist before the container's own, e.g. those of services. */
  readonly base: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string>>;

/** The variables in order, later ones winning; the error names the object or key that is missing. */
export function resolveEnvironment(
  container: Container,
  surroundings: EnvironmentSurroundings,
): Result<Environment, string> {
  const env: Record<string, string> = { ...surroundings.base };
  for (const source of container.envFrom ?? []) {
    const found = resolveSource(source, surroundings);
    if (!found.ok) return found;
    for (const [key, value] of Object.entries(found.value)) env[`${source.prefix ?? ''}${key}`] = value;
  }
  for (const variable of container.env ?? []) {
    const value = resolveVariable(variable, surroundings, env);
    if (!value.ok) return value;
    if (value.value !== undefined) env[variable.name] = value.value;
  }
  return ok(env);
}

/** Replaces `$(NAME)` by the variable, leaves unknown names, turns `$$` into `$`. */
export function expandVariables(text: string, env: Environment): string {
  return text.replace(/\$(?:\$|\(([^()$]+)\))/g, (found, name: string | undefined) => {
    if (name === undefined) return '$';
    return env[name] ?? found;
  });
}

/** The value of `fieldRef.fieldPath` (Kubernetes, "Downward API"); undefined for an unknown path. */
export function readPodField(pod: Pod, podIp: string, path: string): string | undefined {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed !== null) {
    const map = keyed[1] === 'labels' ? pod.metadata.labels : pod.metadata.annotations;
    return map?.[keyed[2] ?? ''] ?? '';
  }
  const { metadata, spec } = pod;
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'metadata.labels': renderMap(metadata.labels),
    'metadata.annotations': renderMap(metadata.annotations),
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.podIP': podIp,
    'status.podIPs': podIp,
    'status.hostIP': HOST_IP,
    'status.hostIPs': HOST_IP,
  };
  return fields[path];
}

/** The value of `resourceFieldRef`; what is not limited is 0. */
export function readResourceField(container: Container | undefined, resource: string): string {
  const [kind = '', name = ''] = resource.split('.', 2);
  const { limits, requests } = container?.resources ?? {};
  const quantity = (kind === 'requests' ? requests : limits)?.[name];
  return quantity === undefined ? '0' : String(scaleQuantity(String(quantity)));
}

/** The address of the one node. */
export const HOST_IP = '127.0.0.1';

function resolveSource(
  source: NonNullable<Container['envFrom']>[number],
  lookup: ReferenceLookup,
): Result<Environment, string> {
  const { configMapRef, secretRef } = source;
  if (configMapRef !== undefined) {
    const { name = '', optional } = configMapRef;
    return found(lookup.configMap(name), optional, `configmap ${JSON.stringify(name)} not found`);
  }
  const { name = '', optional } = secretRef ?? {};
  return found(lookup.secret(name), optional, `secret ${JSON.stringify(name)} not found`);
}

function found(
  data: Environment | undefined,
  optional: boolean | undefined,
  message: string,
): Result<Environment, string> {
  if (data !== undefined) return ok(data);
  return optional === true ? ok({}) : err(message);
}

function resolveVariable(
  { value, valueFrom }: EnvVar,
  surroundings: EnvironmentSurroundings,
  env: Environment,
): Result<string | undefined, string> {
  if (valueFrom === undefined) return ok(expandVariables(value ?? '', env));
  if (valueFrom.configMapKeyRef !== undefined) {
    return pickKey(
      surroundings.configMap(valueFrom.configMapKeyRef.name ?? ''),
      valueFrom.configMapKeyRef,
      'configmap',
    );
  }
  if (valueFrom.secretKeyRef !== undefined) {
    return pickKey(surroundings.secret(valueFrom.secretKeyRef.name ?? ''), valueFrom.secretKeyRef, 'secret');
  }
  if (valueFrom.fieldRef !== undefined) {
    const { fieldPath } = valueFrom.fieldRef;
    const field = readPodField(surroundings.pod, surroundings.podIp, fieldPath);
    return field === undefined ? err(`unsupported fieldPath: ${fieldPath}`) : ok(field);
  }
  if (valueFrom.resourceFieldRef === undefined) return ok('');
  const { containerName, resource } = valueFrom.resourceFieldRef;
  return ok(readResourceField(findContainer(surroundings.pod.spec, containerName), resource));
}

function findContainer(spec: PodSpec, name: string | undefined): Container | undefined {
  return spec.containers.find((each) => each.name === name) ?? spec.containers[0];
}

function pickKey(
  data: Environment | undefined,
  { name = '', key, optional }: { name?: string | undefined; key: string; optional?: boolean | undefined },
  kind: 'configmap' | 'secret',
): Result<string | undefined, string> {
  const value = data?.[key];
  if (value !== undefined) return ok(value);
  if (optional === true) return ok(undefined);
  if (data === undefined) return err(`${kind} ${JSON.stringify(name)} not found`);
  return err(`couldn't find key ${key} in ${kind === 'configmap' ? 'ConfigMap' : 'Secret'} ${name}`);
}

function renderMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

function scaleQuantity(quantity: string): number {
  const match = /^([\d.]+)([A-Za-z]*)$/.exec(quantity);
  return Math.ceil(Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ''] ?? 1));
}
