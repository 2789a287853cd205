/** The objects that make one app part of the baseline; pure (docs/architecture.md, Router). */
import { ANNOTATION, LABEL, type App, type Plan, type PlannedBuild } from '@tekton-dag/model';
import type { Deployment, Service } from '@tekton-dag/kube';
import { escapeEnvValue } from '../kubernetes/escape-env-value.ts';
import { restrictedSecurityContext } from '../kubernetes/restricted-security-context.ts';
import type { HttpRoute } from '../kubernetes/run-kinds.ts';
import { ROUTER_NAME } from '../traffic/router-name.ts';
import { appLabels, baselineSelector } from './object-labels.ts';

/** `demo-api` -> `DEMO_API`. */
const environmentName = (app: string): string => app.toUpperCase().replaceAll('-', '_');

const servicePortOf = (plan: Plan, name: string): number =>
  plan.stackSpec.apps.find((app) => app.name === name)?.servicePort ?? 80;

const namespaceOf = (plan: Plan, app: string): string => plan.namespaces[app] ?? '';

/** What an app needs to pass the session on and to find whom it calls; the stack's own values win. */
const renderAppEnvironment = (plan: Plan, app: App): { name: string; value: string }[] => {
  const downstream = app.downstream.map((name) => [
    `DOWNSTREAM_${environmentName(name)}_URL`,
    `http://${name}.${namespaceOf(plan, name)}.svc.cluster.local:${servicePortOf(plan, name)}`,
  ]);
  const values: Record<string, string> = {
    APP_NAME: app.name,
    SESSION_HEADER: plan.headerName,
    BAGGAGE_KEY: plan.baggageKey,
    PROPAGATION_ROLE: app.propagationRole,
    ...Object.fromEntries(downstream),
    ...app.env,
  };
  return Object.entries(values).map(([name, value]) => ({ name, value: escapeEnvValue(value) }));
};

export interface DeployedImage {
  readonly image: string;
  readonly digest: string;
}

/** Pinned by digest, so a new image is a new pod template and the same image is none. */
export const renderDeployment = (
  plan: Plan,
  { app, build, image, run }: { app: App; build: PlannedBuild; image: DeployedImage; run: string },
): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: app.name,
    namespace: namespaceOf(plan, app.name),
    labels: appLabels(plan, app.name, run),
    annotations: {
      [ANNOTATION.sha]: build.revision,
      [ANNOTATION.repository]: build.repository,
      [ANNOTATION.imageDigest]: image.digest,
    },
  },
  spec: {
    replicas: 1,
    selector: { matchLabels: baselineSelector(app.name) },
    template: {
      metadata: {
        labels: { ...baselineSelector(app.name), [LABEL.app]: app.name, [LABEL.stack]: plan.stack },
        annotations: { [ANNOTATION.imageDigest]: image.digest },
      },
      spec: {
        automountServiceAccountToken: false,
        containers: [
          {
            name: 'app',
            image: `${image.image}@${image.digest}`,
            imagePullPolicy: 'IfNotPresent',
            ports: [{ name: 'http', containerPort: app.containerPort }],
            env: renderAppEnvironment(plan, app),
            readinessProbe: {
              tcpSocket: { port: app.containerPort },
              periodSeconds: 1,
              timeoutSeconds: 1,
              failureThreshold: 3,
            },
            securityContext: restrictedSecurityContext(app.runAsUser),
          },
        ],
      },
    },
  },
});

/** Service `<app>-baseline`, on the baseline's pods. */
export const renderBaselineService = (plan: Plan, app: App, run: string): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: `${app.name}-baseline`,
    namespace: namespaceOf(plan, app.name),
    labels: appLabels(plan, app.name, run),
  },
  spec: {
    selector: baselineSelector(app.name),
    ports: [{ name: 'http', port: app.servicePort, targetPort: app.containerPort }],
  },
});

/** Service `<app>`, on the router; its targetPort tells the router whose traffic it is. */
export const renderRoutedService = (
  plan: Plan,
  { app, run, routerPort }: { app: App; run: string; routerPort: number },
): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: app.name,
    namespace: namespaceOf(plan, app.name),
    labels: { ...appLabels(plan, app.name, run), [LABEL.routed]: 'true' },
    annotations: { [ANNOTATION.sessionHeader]: plan.headerName, [ANNOTATION.baggageKey]: plan.baggageKey },
  },
  spec: {
    selector: { [LABEL.name]: ROUTER_NAME },
    ports: [{ name: 'http', port: app.servicePort, targetPort: routerPort }],
  },
});

/** HTTPRoute `<app>`: everything to the baseline; intercepts are more specific and win. */
export const renderBaselineRoute = (plan: Plan, app: App, run: string): HttpRoute => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: {
    name: app.name,
    namespace: namespaceOf(plan, app.name),
    labels: appLabels(plan, app.name, run),
  },
  spec: {
    parentRefs: [{ group: '', kind: 'Service', name: app.name, port: app.servicePort }],
    rules: [{ backendRefs: [{ name: `${app.name}-baseline`, port: app.servicePort }] }],
  },
});
