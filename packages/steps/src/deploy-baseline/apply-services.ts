/** Applies the Services and routes of a stack's apps in one namespace. */
import { LABEL, type App, type Plan } from '@tekton-dag/model';
import { kinds, type KubeClient, type Service } from '@tekton-dag/kube';
import { FIELD_MANAGER } from '../kubernetes/field-manager.ts';
import { httpRoutes } from '../kubernetes/run-kinds.ts';
import { StepFailure } from '../step-failure.ts';
import { assignRouterPorts, routerPortOf } from './assign-router-ports.ts';
import { renderBaselineRoute, renderBaselineService, renderRoutedService } from './render-app-objects.ts';

export interface ServicesOptions {
  readonly plan: Plan;
  readonly run: string;
  readonly namespace: string;
  readonly apps: readonly App[];
}

/** Two stacks that bootstrap at once may choose the same free port; then both look again. */
const PORT_ATTEMPTS = 5;

const listRouted = async (client: KubeClient, namespace: string): Promise<Service[]> =>
  (await client.resource(kinds.services, namespace).list({ labelSelector: `${LABEL.routed}=true` })).items;

const applyRouted = async (
  client: KubeClient,
  { plan, run, namespace, apps }: ServicesOptions,
): Promise<void> => {
  const services = client.resource(kinds.services, namespace);
  const names = apps.map(({ name }) => name);
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt += 1) {
    const existing = await listRouted(client, namespace);
    const ports = assignRouterPorts(names, existing);
    const present = new Map(existing.map((service) => [service.metadata?.name, routerPortOf(service)]));
    if (attempt > 0 && names.every((name) => present.get(name) === ports.get(name))) return;
    for (const app of apps) {
      const routerPort = ports.get(app.name) ?? 0;
      await services.apply(renderRoutedService(plan, { app, run, routerPort }), FIELD_MANAGER);
    }
  }
  throw new StepFailure(`Services of namespace ${namespace} keep taking each other's router port`, {
    code: 'ROUTER_PORT_CONFLICT',
    hint: 'run the bootstraps of this namespace one after another',
  });
};

/** Services before pods, so that their addresses are known when pods start. */
export const applyServices = async (client: KubeClient, options: ServicesOptions): Promise<void> => {
  const { plan, run, namespace, apps } = options;
  for (const app of apps) {
    await client
      .resource(kinds.services, namespace)
      .apply(renderBaselineService(plan, app, run), FIELD_MANAGER);
    await client.resource(httpRoutes, namespace).apply(renderBaselineRoute(plan, app, run), FIELD_MANAGER);
  }
  await applyRouted(client, options);
};
