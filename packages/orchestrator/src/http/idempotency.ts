/**
 * replayAnswers: a POST with an `Idempotency-Key` is carried out once; sent again, it gets the first answer
 * (draft-ietf-httpapi-idempotency-key-header).
 */

import type { IdempotencyKey, Store } from '@tekton-dag/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { callerOf } from './guard.ts';
import { ProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key whose first request this is; its answer is kept. */
    idempotencyKey: IdempotencyKey | undefined;
  }
}

/** Longer than any request takes: work that began before died with its process. */
const STALE_AFTER_MS = 2 * 60_000;
const KEY = /^[\x21-\x7e]{1,255}$/;

/** Call it after the guard: keys of different callers never meet. */
export function replayAnswers(scope: FastifyInstance, store: Pick<Store, 'idempotency'>): void {
  scope.decorateRequest('idempotencyKey', undefined);
  scope.addHook('preHandler', async (request, reply) => {
    const header = request.headers['idempotency-key'];
    if (request.method !== 'POST' || header === undefined) return;
    await begin(store, request, reply, readKey(header));
  });
  scope.addHook('onSend', async (request, reply, payload) => {
    await keepAnswer(store, request, reply, payload);
    return payload;
  });
}

function readKey(header: string | string[]): string {
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new ProblemError({
    status: 400,
    code: 'invalid-request',
    title: 'The request is invalid',
    errors: [{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
  });
}

async function begin(
  { idempotency }: Pick<Store, 'idempotency'>,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
): Promise<void> {
  const nowMs = Date.now();
  const id = { caller: callerOf(request).name, key };
  const times = { nowMs, staleBeforeMs: nowMs - STALE_AFTER_MS };
  const found = await idempotency.begin({ ...id, requestHash: hashOf(request), ...times });
  if (found.kind === 'new') {
    request.idempotencyKey = id;
    return;
  }
  if (found.kind === 'in-progress')
    throw conflict(409, 'idempotency-in-progress', 'The first request still runs');
  if (found.kind === 'different')
    throw conflict(422, 'idempotency-conflict', 'The key was used for another request');
  const { status, body } = found.answer;
  reply.header('idempotency-replayed', 'true').type('application/json; charset=utf-8');
  await reply.code(status).send(body);
}

/** Of what was asked, as it was understood: order of keys and white space do not count. */
function hashOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest('base64');
}

/** Only what was carried out is kept: a refusal may be mended, and then sent again with the same key. */
async function keepAnswer(
  { idempotency }: Pick<Store, 'idempotency'>,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  const key = request.idempotencyKey;
  if (key === undefined) return;
  request.idempotencyKey = undefined;
  try {
    if (reply.statusCode >= 400 || typeof payload !== 'string') await idempotency.abandon(key);
    else await idempotency.complete(key, { status: reply.statusCode, body: payload });
  } catch (error) {
    request.log.error({ err: error }, 'the answer of an idempotent request cannot be kept');
  }
}

function conflict(
  status: number,
  code: 'idempotency-in-progress' | 'idempotency-conflict',
  title: string,
): ProblemError {
  return new ProblemError({ status, code, title });
}
