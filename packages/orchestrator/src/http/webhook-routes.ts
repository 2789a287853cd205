/** `POST /webhook/github`: size and content type, then the signature over the raw bytes, and only then the content. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptDelivery, type Acceptance, type IncomingDelivery } from '../deliveries/accept-delivery.ts';
import type { Decision } from '../deliveries/decision.ts';
import { parseGitHubEvent } from '../forge/github/parse-github-event.ts';
import { verifySignature } from '../forge/github/verify-signature.ts';
import type { HttpContext } from './http-context.ts';
import { ProblemError, sendProblem } from './problem.ts';

const DELIVERY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const EVENT_NAME = /^[a-z][a-z0-9_]{0,63}$/;
/** Kept with a delivery, to explain it later. */
const KEPT_HEADERS = ['x-github-event', 'x-github-hook-id', 'user-agent'] as const;

export function registerWebhookRoutes(app: FastifyInstance, context: HttpContext): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    scope.addHook('onError', async (_request, _reply, error) => {
      const reason = 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? 'too-large' : 'request';
      if (!(error instanceof ProblemError)) context.metrics.deliveries.inc({ outcome: 'refused', reason });
    });
    scope.post('/webhook/github', { bodyLimit: context.config.maxBodyBytes }, (request, reply) =>
      receive(context, request, reply),
    );
  });
}

async function receive(
  context: HttpContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const startedAt = performance.now();
  const incoming = readDelivery(context, request);
  const event = parseGitHubEvent(incoming.event, incoming.body);
  if (!event.ok) {
    throw refusal(context, event.error.reason, {
      status: 400,
      title: 'The payload is not usable',
      detail: event.error.message,
    });
  }
  const acceptance = await acceptDelivery(context.store, context.snapshot().routes, incoming, event.value);
  if (acceptance.status === 'accepted') context.wakeDispatcher();
  context.metrics.ackSeconds.observe((performance.now() - startedAt) / 1_000);
  return answer(context, incoming.id, acceptance, reply);
}

/** Throws the refusal when the request is not a signed delivery; nothing of such a request is kept. */
function readDelivery(context: HttpContext, request: FastifyRequest): IncomingDelivery {
  const { body } = request;
  if (!Buffer.isBuffer(body)) {
    throw refusal(context, 'content-type', {
      status: 415,
      title: 'The content type must be application/json',
    });
  }
  if (!verifySignature(body, headerOf(request, 'x-hub-signature-256'), context.config.webhookSecrets)) {
    throw refusal(context, 'signature', { status: 401, title: 'The signature is missing or wrong' });
  }
  const id = headerOf(request, 'x-github-delivery') ?? '';
  const event = headerOf(request, 'x-github-event') ?? '';
  if (!DELIVERY_ID.test(id) || !EVENT_NAME.test(event)) {
    throw refusal(context, 'headers', {
      status: 400,
      title: 'X-GitHub-Delivery and X-GitHub-Event are required',
    });
  }
  const headers = Object.fromEntries(
    KEPT_HEADERS.map((name) => [name, headerOf(request, name)?.slice(0, 256) ?? '']),
  );
  return { id, event, body, headers, receivedAtMs: Date.now() };
}

function answer(
  context: HttpContext,
  delivery: string,
  acceptance: Acceptance,
  reply: FastifyReply,
): FastifyReply {
  const { deliveries } = context.metrics;
  if (acceptance.status === 'conflict') {
    const code = 'delivery-conflict';
    deliveries.inc({ outcome: 'refused', reason: code });
    return sendProblem(reply, { status: 409, code, title: 'This delivery id came before with another body' });
  }
  if (acceptance.status === 'ignored') {
    const { reason, detail } = acceptance.decision;
    deliveries.inc({ outcome: 'ignored', reason });
    return reply.code(200).send({ status: 'ignored', delivery, reason, detail });
  }
  const { status, decision } = acceptance;
  deliveries.inc({ outcome: status, reason: decision.kind });
  return reply
    .code(status === 'accepted' ? 202 : 200)
    .send({ status, delivery, ...describeDecision(decision) });
}

/** `pipelinerun` is the first run, as callers of old know it. */
function describeDecision(decision: Decision): object {
  if (decision.kind === 'ignored' || decision.kind === 'close') return { mode: 'close', runs: [] };
  const runs = decision.targets.map(({ runName }) => runName);
  return { mode: decision.kind === 'test' ? 'pr' : 'merge', pipelinerun: runs[0], runs };
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function refusal(
  context: HttpContext,
  code: string,
  problem: { readonly status: number; readonly title: string; readonly detail?: string },
): ProblemError {
  context.metrics.deliveries.inc({ outcome: 'refused', reason: code });
  return new ProblemError({ code, ...problem });
}
