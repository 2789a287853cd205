/**
 * `POST /webhook/<forge>[/<name>]`, and `POST /webhook/triggers/<forge>[/<name>]` for an EventListener of Tekton Triggers:
 * size and content type, then the signature over the raw bytes, and only then the content.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { FORGE_KINDS, type ForgeKind } from '../forge/forge.ts';
import { createBodyReader } from './body-reader.ts';
import type { HttpContext } from './http-context.ts';
import { parseInterceptorRequest } from './parse-interceptor-request.ts';
import { ProblemError } from './problem.ts';
import { refusal, takeDelivery } from './take-delivery.ts';

/** Of the largest size: what unverified senders can make the process hold. */
const BODIES_AT_ONCE = 4;

const params = z.object({ name: z.string().default('') });

export function registerWebhookRoutes(app: FastifyInstance, context: HttpContext): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const readBody = createBodyReader({
      bodyBytes: context.config.maxBodyBytes,
      totalBytes: BODIES_AT_ONCE * context.config.maxBodyBytes,
      onRefused: (reason) => context.metrics.deliveries.inc({ outcome: 'refused', reason }),
    });
    scope.addContentTypeParser('application/json', (_request: FastifyRequest, payload: IncomingMessage) =>
      readBody(payload),
    );
    scope.addHook('onError', async (_request, _reply, error) => {
      if (error instanceof ProblemError) return;
      context.metrics.deliveries.inc({ outcome: 'refused', reason: 'request' });
    });
    const options = { bodyLimit: context.config.maxBodyBytes };
    for (const kind of FORGE_KINDS) {
      for (const name of ['', '/:name']) {
        scope.post(`/webhook/${kind}${name}`, options, (request, reply) =>
          receive(context, kind, request, reply),
        );
        scope.post(`/webhook/triggers/${kind}${name}`, options, (request, reply) =>
          receiveFromTriggers(context, kind, request, reply),
        );
      }
    }
  });
}

async function receive(
  context: HttpContext,
  kind: ForgeKind,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = bodyOf(context, request);
  const { name: secretName } = params.parse(request.params);
  const answer = await takeDelivery(context, { kind, secretName, body, headers: request.headers }, reply);
  return reply.code(answer.status).send(answer.body);
}

/**
 * The delivery is inside the request, as it reached the EventListener (Tekton Triggers, ClusterInterceptors:
 * InterceptorRequest). That shall create nothing: `continue` is false.
 */
async function receiveFromTriggers(
  context: HttpContext,
  kind: ForgeKind,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const parsed = parseInterceptorRequest(bodyOf(context, request));
  if (!parsed.ok) {
    const { reason, message } = parsed.error;
    throw refusal(context, reason, { status: 400, title: 'The request is not usable', detail: message });
  }
  const { name: secretName } = params.parse(request.params);
  const { body } = await takeDelivery(context, { kind, secretName, ...parsed.value }, reply);
  return reply.code(200).send({ continue: false, status: { code: 0, message: JSON.stringify(body) } });
}

function bodyOf(context: HttpContext, { body }: FastifyRequest): Buffer {
  if (Buffer.isBuffer(body)) return body;
  const title = 'The content type must be application/json';
  throw refusal(context, 'content-type', { status: 415, title });
}
