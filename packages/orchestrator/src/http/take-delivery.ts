/** takeDelivery: a request with a delivery in it is checked, in the order that hostile senders call for, and accepted. */

import type { FastifyReply } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { Acceptance } from '../deliveries/accept-delivery.ts';
import type { Decision } from '../deliveries/decision.ts';
import type { IncomingDelivery } from '../deliveries/incoming-delivery.ts';
import { receiveDelivery, type ReceiveFailure } from '../deliveries/receive-delivery.ts';
import { forgeOfKind } from '../forge/forge-of-kind.ts';
import type { ForgeKind } from '../forge/forge.ts';
import { headerText } from '../forge/header-text.ts';
import { Secret } from '../secret.ts';
import { traceWebhook } from '../telemetry/trace-webhook.ts';
import type { HttpContext } from './http-context.ts';
import type { ProblemCode } from './problem-codes.ts';
import { ProblemError } from './problem.ts';

/** Signs nothing that anybody knows. */
const NOBODYS_SECRET = new Secret(crypto.randomUUID());
/** What a name has at most: one, and the next while it is rotated. */
const SECRETS_OF_A_NAME = 2;

export interface DeliveryRequest {
  readonly kind: ForgeKind;
  /** Of the secret; empty for the one without a name. */
  readonly secretName: string;
  /** Exactly what was signed. */
  readonly body: Uint8Array;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
}

export interface DeliveryAnswer {
  readonly status: 200 | 202;
  readonly body: object;
}

/** Signature, headers, content, and then it is on the disk. Rejects with the ProblemError that the sender gets. */
export async function takeDelivery(
  context: HttpContext,
  request: DeliveryRequest,
  reply: FastifyReply,
): Promise<DeliveryAnswer> {
  const startedAt = performance.now();
  const incoming = readDelivery(context, request, reply);
  requirePlatform(context);
  const received = await receiveDelivery(context, incoming);
  if (!received.ok) throw refusalOf(context, received.error);
  const acceptance = received.value;
  if (acceptance.status !== 'conflict' && acceptance.fresh) context.wakeDispatcher();
  context.metrics.ackSeconds.observe((performance.now() - startedAt) / 1_000);
  return answerTo(context, incoming.id, acceptance);
}

/** While nothing is loaded, every repository is unknown: the forge has to come again, and knows by the status. */
function requirePlatform(context: HttpContext): void {
  if (context.snapshot().stacks.size > 0) return;
  throw refusal(context, 'not-loaded', { status: 503, title: 'No team and no stack is loaded yet' });
}

/** Throws the refusal when the request is not a signed delivery; nothing of such a request is kept. */
function readDelivery(
  context: HttpContext,
  { kind, secretName, body, headers }: DeliveryRequest,
  reply: FastifyReply,
): IncomingDelivery {
  const forge = forgeOfKind(kind);
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

function answerTo(context: HttpContext, delivery: string, acceptance: Acceptance): DeliveryAnswer {
  const { deliveries } = context.metrics;
  if (acceptance.status === 'conflict') {
    const title = 'This delivery id came before with another body';
    throw refusal(context, 'delivery-conflict', { status: 409, title });
  }
  if (acceptance.status === 'ignored') {
    const { reason, detail } = acceptance.decision;
    deliveries.inc({ outcome: 'ignored', reason });
    return { status: 200, body: { status: 'ignored', delivery, reason, detail } };
  }
  const { status, decision } = acceptance;
  deliveries.inc({ outcome: status, reason: decision.kind });
  return {
    status: status === 'accepted' ? 202 : 200,
    body: { status, delivery, ...describeDecision(decision) },
  };
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

/** Counts it. */
export function refusal(
  context: HttpContext,
  code: ProblemCode,
  problem: { readonly status: number; readonly title: string; readonly detail?: string },
): ProblemError {
  context.metrics.deliveries.inc({ outcome: 'refused', reason: code });
  return new ProblemError({ code, ...problem });
}
