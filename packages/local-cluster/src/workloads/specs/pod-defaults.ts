/** Fills in what Kubernetes defaults in a pod (API reference, core/v1). Pure. */

import { parseImageReference } from '../../runtime/image-reference.ts';
import type { Container, PodSpec, PodTemplate, Probe } from './pod-schema.ts';

/** The one node of the local cluster. */
const NODE_NAME = 'local';

const DEFAULT_GRACE_SECONDS = 30;

/** A pod's spec with every default. */
function fillPodSpec(spec: PodSpec): PodSpec {
  const serviceAccount = spec.serviceAccountName ?? spec.serviceAccount ?? 'default';
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: DEFAULT_GRACE_SECONDS,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
    containers: fillContainers(spec.containers),
    ...(spec.initContainers === undefined ? {} : { initContainers: fillContainers(spec.initContainers) }),
    ...(spec.serviceAccountName === undefined ? {} : { serviceAccountName: serviceAccount, serviceAccount }),
  };
}

/** What a pod gets besides and a template does not: its service account and its node. */
export function fillScheduledPodSpec(spec: PodSpec): PodSpec {
  const serviceAccountName = spec.serviceAccountName ?? spec.serviceAccount ?? 'default';
  return {
    ...fillPodSpec(spec),
    serviceAccountName,
    serviceAccount: serviceAccountName,
    enableServiceLinks: spec.enableServiceLinks ?? true,
    nodeName: spec.nodeName ?? NODE_NAME,
  };
}

/** A template with every default; what is not a template is left for validation to refuse. */
export function fillTemplate(template: PodTemplate): PodTemplate {
  return { ...template, metadata: { ...template.metadata }, spec: fillPodSpec(template.spec) };
}

function fillContainers(containers: readonly Container[]): Container[] {
  return containers.map((container) => ({
    imagePullPolicy: pullPolicyOf(container.image ?? ''),
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...container,
    ...(container.ports === undefined
      ? {}
      : { ports: container.ports.map((port) => ({ protocol: 'TCP' as const, ...port })) }),
    ...fillProbes(container),
  }));
}

function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
  return parseImageReference(image).reference === 'latest' ? 'Always' : 'IfNotPresent';
}

function fillProbes(container: Container): Partial<Container> {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  return {
    ...(livenessProbe === undefined ? {} : { livenessProbe: fillProbe(livenessProbe) }),
    ...(readinessProbe === undefined ? {} : { readinessProbe: fillProbe(readinessProbe) }),
    ...(startupProbe === undefined ? {} : { startupProbe: fillProbe(startupProbe) }),
  };
}

function fillProbe(probe: Probe): Probe {
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...probe,
    ...(probe.httpGet === undefined ? {} : { httpGet: { path: '/', scheme: 'HTTP', ...probe.httpGet } }),
  };
}
