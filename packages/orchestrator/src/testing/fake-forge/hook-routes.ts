/** Hook deliveries of a fake GitHub (GitHub docs, "Repository webhooks"), with paging by cursor. */

import type { FakeAnswer, FakeRequest, FakeRoute } from './fake-http.ts';
import type { ForgeWorld, WorldHookDelivery } from './forge-world.ts';
import { notFound } from './world-routes.ts';

/** The App's own hook; its deliveries are kept in the world under this id. */
export const APP_HOOK_ID = 0;

export function hookRoutes(world: ForgeWorld): readonly FakeRoute[] {
  return [
    ...routesOf(world, '/repos/:owner/:name/hooks/:hook'),
    ...routesOf(world, '/orgs/:org/hooks/:hook'),
  ];
}

export function appHookRoutes(world: ForgeWorld): readonly FakeRoute[] {
  return routesOf(world, '/app/hook');
}

function routesOf(world: ForgeWorld, hook: string): readonly FakeRoute[] {
  return [
    { method: 'GET', pattern: `${hook}/deliveries`, handle: (request) => listDeliveries(world, request) },
    { method: 'GET', pattern: `${hook}/deliveries/:id`, handle: (request) => getDelivery(world, request) },
    {
      method: 'POST',
      pattern: `${hook}/deliveries/:id/attempts`,
      handle: (request) => redeliver(world, request),
    },
  ];
}

function deliveriesOf(world: ForgeWorld, { params }: FakeRequest): readonly WorldHookDelivery[] | undefined {
  return world.hookDeliveries.get(Number(params['hook'] ?? APP_HOOK_ID));
}

/** The cursor is the index to go on at, and opaque to callers. */
function listDeliveries(world: ForgeWorld, request: FakeRequest): FakeAnswer {
  const all = deliveriesOf(world, request);
  if (all === undefined) return notFound();
  const size = Number(request.query.get('per_page') ?? 30);
  const start = Number(request.query.get('cursor')?.replace('v1_', '') ?? 0);
  const next = start + size;
  const body = all.slice(start, next).map(summaryOf);
  if (next >= all.length) return { status: 200, body };
  const link = `<http://api.github.invalid${request.path}?per_page=${size}&cursor=v1_${next}>; rel="next"`;
  return { status: 200, body, headers: { link } };
}

function getDelivery(world: ForgeWorld, request: FakeRequest): FakeAnswer {
  const found = findDelivery(world, request);
  if (found === undefined) return notFound();
  const { payload, event, guid } = found;
  const headers = { 'X-GitHub-Delivery': guid, 'X-GitHub-Event': event };
  return { status: 200, body: { ...summaryOf(found), request: { headers, payload } } };
}

function redeliver(world: ForgeWorld, request: FakeRequest): FakeAnswer {
  const found = findDelivery(world, request);
  if (found === undefined) return notFound();
  world.redelivered.push(found.guid);
  return { status: 202, body: {} };
}

function findDelivery(world: ForgeWorld, request: FakeRequest): WorldHookDelivery | undefined {
  return deliveriesOf(world, request)?.find(({ id }) => String(id) === request.params['id']);
}

function summaryOf({ id, guid, event, deliveredAt, statusCode, redelivery }: WorldHookDelivery): object {
  const status = statusCode === 0 ? 'failed to connect to host' : 'OK';
  return { id, guid, event, delivered_at: deliveredAt, status_code: statusCode, status, redelivery };
}
