/**
 * `POST /webhook/<forge>[/<name>]`: size and content type, then the signature over the raw bytes, and only then the
 * content.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Acceptance } from '../deliveries/accept-delivery.ts';
import type { Decision } from '../deliveries/decision.ts';
import type { IncomingDelivery } from '../deliveries/incoming-delivery.ts';
import { receiveDelivery, type ReceiveFailure } from '../deliveries/receive-delivery.ts';
import { forgeOfKind } from '../forge/forge-of-kind.ts';
import { FORGE_KINDS, type ForgeKind } from '../forge/forge.ts';
import { headerText } from '../forge/header-text.ts';
import { Secret } from '../secret.ts';
import { traceWebhook } from '../telemetry/trace-webhook.ts';
import { createBodyReader } from './body-reader.ts';
import type { HttpContext } from './http-context.ts';
import type { ProblemCode } from './problem-codes.ts';
import { ProblemError, sendProblem } from './problem.ts';

/** Signs nothing that anybody knows. */
const NOBODYS_SECRET = new Secret(crypto.randomUUID());
/** What a name has at most: one, and the next while it is rotated. */
const SECRETS_OF_A_NAME = 2;

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
    for (const kind of FORGE_KINDS) {
      for (const path of [`/webhook/${kind}`, `/webhook/${kind}/:name`]) {
        scope.post(path, { bodyLimit: context.config.maxBodyBytes }, (request, reply) =>
          receive(context, kind, request, reply),
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
  const startedAt = performance.now();
  const incoming = readDelivery(context, kind, request, reply);
  requirePlatform(context);
  const received = await receiveDelivery(context, incoming);
  if (!received.ok) throw refusalOf(context, received.error);
  const acceptance = received.value;
  if (acceptance.status !== 'conflict' && acceptance.fresh) context.wakeDispatcher();
  context.metrics.ackSeconds.observe((performance.now() - startedAt) / 1_000);
  return answer(context, incoming.id, acceptance, reply);
}

/** While nothing is loaded, every repository is unknown: the forge has to come again, and knows by the status. */
function requirePlatform(context: HttpContext): void {
  if (context.snapshot().stacks.size > 0) return;
  throw refusal(context, 'not-loaded', { status: 503, title: 'No team and no stack is loaded yet' });
}

/** Throws the refusal when the request is not a signed delivery; nothing of such a request is kept. */
function readDelivery(
  context: HttpContext,
  kind: ForgeKind,
  request: FastifyRequest,
  reply: FastifyReply,
): IncomingDelivery {
  const { body, headers } = request;
  const forge = forgeOfKind(kind);
  if (!Buffer.isBuffer(body)) {
    throw refusal(context, 'content-type', {
      status: 415,
      title: 'The content type must be application/json',
    });
  }
  const { name: secretName } = params.parse(request.params);
  if (!forge.verify(body, forge.signatureOf(headers), secretsOf(context, secretName))) {
    throw refusal(context, 'signature', { status: 401, title: 'The signature is missing or wrong' });
  }
  const read = forge.readHeaders(headers);
  if (!read.ok) throw refusal(context, 'headers', { status: 400, title: read.error.message });
  const { id, event, kept } = read.value;
  const arrival = { forge: kind, id, event, receivedAtMs: Date.now() };
  const traceparent = traceWebhook(context.tracing, arrival, reply, headerText(headers, 'traceparent'));
  return { ...arrival, body, headers: kept, secretName, traceparent, gapFilled: false };
}

/** Every name costs the same time, known or not: an answer does not tell which names there are. */
function secretsOf({ webhookSecrets }: HttpContext, name: string): readonly Secret[] {
  const secrets = webhookSecrets.find(name) ?? [];
  if (name === '') return secrets;
  return [...secrets, ...Array.from({ length: SECRETS_OF_A_NAME - secrets.length }, () => NOBODYS_SECRET)];
}

function answer(
  context: HttpContext,
  delivery: string,
  acceptance: Acceptance,
  reply: FastifyReply,
): FastifyReply {
  const { deliveries } = context.metrics;
  if (acceptance.status === 'conflict') {
    const code = 'delivery-conflict' as const;
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
  if (decision.kind !== 'test' && decision.kind !== 'release') return { mode: decision.kind, runs: [] };
  const runs = decision.targets.map(({ runName }) => runName);
  return { mode: decision.kind === 'test' ? 'pr' : 'merge', pipelinerun: runs[0], runs };
}

function refusalOf(context: HttpContext, { reason, message }: ReceiveFailure): ProblemError {
  if (reason === 'wrong-secret-scope') {
    return refusal(context, reason, { status: 403, title: 'The secret is not for this repository' });
  }
  return refusal(context, reason, { status: 400, title: 'The payload is not usable', detail: message });
}

function refusal(
  context: HttpContext,
  code: ProblemCode,
  problem: { readonly status: number; readonly title: string; readonly detail?: string },
): ProblemError {
  context.metrics.deliveries.inc({ outcome: 'refused', reason: code });
  return new ProblemError({ code, ...problem });
}
