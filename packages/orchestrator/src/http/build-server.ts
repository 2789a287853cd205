/** buildServer: the HTTP server with all its routes, not yet listening. */

import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { answerClientError } from './answer-client-error.ts';
import { auditRequests } from './audit.ts';
import { addEntityTags } from './entity-tags.ts';
import { handleError } from './error-handler.ts';
import { registerAuditRoutes } from './audit-routes.ts';
import { registerDeliveryRoutes } from './delivery-routes.ts';
import { registerEventRoutes } from './event-routes.ts';
import { closeConnectionsOnceDraining } from './draining.ts';
import { createEventStreams } from './event-stream.ts';
import { registerExplainRoutes } from './explain-routes.ts';
import { guardRoutes } from './guard.ts';
import { registerHealthRoutes } from './health-routes.ts';
import type { HttpContext } from './http-context.ts';
import { replayAnswers } from './idempotency.ts';
import { lingerOverUnread } from './linger-over-unread.ts';
import { measureRequests } from './measure-requests.ts';
import { registerMetricsRoutes } from './metrics-routes.ts';
import { serveOpenApi } from './open-api.ts';
import { sendProblem } from './problem.ts';
import { registerReplayRoutes } from './replay-routes.ts';
import { registerRunActionRoutes } from './run-action-routes.ts';
import { registerRunLogRoutes } from './run-log-routes.ts';
import { registerRunRoutes } from './run-routes.ts';
import { registerStartRunRoutes } from './start-run-routes.ts';
import { registerStackRoutes } from './stack-routes.ts';
import { registerTeamRoutes } from './team-routes.ts';
import { registerTestPlanRoutes } from './test-plan-routes.ts';
import { registerWebhookRoutes } from './webhook-routes.ts';

/** A slow sender must not hold a connection for ever. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Of requests to the API; webhooks have a limit of their own. */
const API_BODY_LIMIT_BYTES = 256 * 1024;

/**
 * Routes of the API: one file per resource, declared by `register<Resource>Routes(scope, context)` with schemas for
 * params, query, body and answers, and with `config.access`, which the guard asks for.
 */
const API_ROUTES = [
  registerMetricsRoutes,
  registerStackRoutes,
  registerTeamRoutes,
  registerRunRoutes,
  registerStartRunRoutes,
  registerRunActionRoutes,
  registerRunLogRoutes,
  registerEventRoutes,
  registerDeliveryRoutes,
  registerExplainRoutes,
  registerReplayRoutes,
  registerAuditRoutes,
  registerTestPlanRoutes,
] as const;

export function buildServer(context: HttpContext, log: FastifyBaseLogger): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: API_BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    forceCloseConnections: 'idle',
    // What still arrives on an open connection is answered: a forge does not send twice.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, { status: 404, code: 'not-found', title: 'There is no such path' }),
  );
  measureRequests(app, context.metrics);
  closeConnectionsOnceDraining(app, context.draining);
  lingerOverUnread(app);
  serveOpenApi(app, context.version);
  app.register(async (open) => {
    registerHealthRoutes(open, context);
    registerWebhookRoutes(open, context);
  });
  app.register(async (guarded) => {
    guarded.removeContentTypeParser('text/plain');
    guardRoutes(guarded, context);
    replayAnswers(guarded, context.store);
    auditRequests(guarded, context.store);
    addEntityTags(guarded);
    const streams = createEventStreams();
    guarded.addHook('preClose', async () => streams.close());
    for (const register of API_ROUTES) register(guarded, { ...context, streams });
  });
  return app;
}
