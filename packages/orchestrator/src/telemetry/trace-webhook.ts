/** traceWebhook: the span of a webhook's request, and the trace that the work on its delivery belongs to. */

import type { FastifyReply } from 'fastify';
import { deliveryTraceparent } from '../deliveries/delivery-traceparent.ts';
import type { IncomingDelivery } from '../deliveries/incoming-delivery.ts';
import type { Tracing } from './tracing.ts';

/**
 * Only of a request whose signature is good: strangers begin no traces. `incoming.traceparent` is what the sender told, or
 * anything else. Gives the traceparent for the delivery.
 */
export function traceWebhook(
  tracing: Tracing,
  incoming: Pick<IncomingDelivery, 'id' | 'event' | 'forge' | 'receivedAtMs'>,
  reply: FastifyReply,
  sent: string | undefined,
): string {
  if (!tracing.enabled) return deliveryTraceparent(sent);
  const { method, routeOptions } = reply.request;
  const route = routeOptions.url ?? '';
  const span = tracing.startSpan({
    name: `${method} ${route}`,
    kind: 'server',
    parent: sent,
    startedAtMs: incoming.receivedAtMs,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'vcs.provider.name': incoming.forge,
      'tekton_dag.delivery.id': incoming.id,
      'tekton_dag.delivery.event': incoming.event,
    },
  });
  reply.raw.once('close', () => {
    const { statusCode } = reply;
    const error = statusCode >= 500 ? { error: String(statusCode) } : {};
    span.end({ attributes: { 'http.response.status_code': statusCode }, ...error });
  });
  return span.traceparent ?? deliveryTraceparent(sent);
}
