/** The objects that run a pull request's app beside the baseline and send it the session's traffic; pure. */
import { ANNOTATION, LABEL, type App, type Plan } from '@tekton-dag/model';
import type { Deployment, Service } from '@tekton-dag/kube';
import { appLabels, interceptSelector } from '../deploy-baseline/object-labels.ts';
import type { DeployedImage } from '../deploy-baseline/render-app-objects.ts';
import type { HttpRoute } from '../kubernetes/run-kinds.ts';

export interface InterceptInput {
  readonly plan: Plan;
  readonly app: App;
  readonly run: string;
  readonly session: string;
  readonly image: DeployedImage;
  /** Commit of the pull request. */
  readonly sha: string;
  /** The Deployment whose pod template is taken over. */
  readonly baseline: Deployment;
}

/** Name of Deployment, Service and route. */
export const interceptName = (app: string, session: string): string => `${app}-${session}`;

const metadataOf = ({ plan, app, run, session }: InterceptInput) => ({
  name: interceptName(app.name, session),
  namespace: plan.namespaces[app.name] ?? '',
  labels: { ...appLabels(plan, app.name, run), [LABEL.session]: session },
});

/** The pods are the baseline's, with env, volumes and probes, but for the image. */
export const renderInterceptDeployment = (input: InterceptInput): Deployment => {
  const { app, session, image, sha, baseline, run } = input;
  const template = baseline.spec?.template;
  const containers = template?.spec?.containers ?? [];
  const swapped = containers.map((container, index) =>
    container.name === 'app' || (index === 0 && containers.every(({ name }) => name !== 'app'))
      ? { ...container, image: `${image.image}@${image.digest}` }
      : container,
  );
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...metadataOf(input),
      annotations: { [ANNOTATION.sha]: sha, [ANNOTATION.imageDigest]: image.digest },
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: interceptSelector(app.name, session) },
      template: {
        metadata: {
          labels: { [LABEL.app]: app.name, [LABEL.run]: run, ...interceptSelector(app.name, session) },
          annotations: { [ANNOTATION.sha]: sha, [ANNOTATION.imageDigest]: image.digest },
        },
        spec: { ...template?.spec, containers: swapped },
      },
    },
  };
};

export const renderInterceptService = (input: InterceptInput): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadataOf(input),
  spec: {
    selector: interceptSelector(input.app.name, input.session),
    ports: [{ name: 'http', port: input.app.servicePort, targetPort: input.app.containerPort }],
  },
});

/** Text as it stands, for RE2, Rust and JavaScript expressions. */
export const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Matches a whole member of a W3C baggage list: `pr-4` never matches `pr-42` (RE2 and JavaScript syntax). */
export const baggageExpression = (key: string, value: string): string =>
  `^(?:.*,)?[ \\t]*${escapeRegExp(key)}[ \\t]*=[ \\t]*${escapeRegExp(encodeURIComponent(value))}[ \\t]*(?:[;,].*)?$`;

/** HTTPRoute `<app>-<session>`: header or baggage, either counts. */
export const renderInterceptRoute = (input: InterceptInput): HttpRoute => {
  const { plan, app, session } = input;
  const baggage = baggageExpression(plan.baggageKey, session);
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: metadataOf(input),
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name: app.name, port: app.servicePort }],
      rules: [
        {
          matches: [
            { headers: [{ type: 'Exact', name: plan.headerName, value: session }] },
            { headers: [{ type: 'RegularExpression', name: 'baggage', value: baggage }] },
          ],
          backendRefs: [{ name: interceptName(app.name, session), port: app.servicePort }],
        },
      ],
    },
  };
};
