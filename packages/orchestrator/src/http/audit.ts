/** auditRequests: every request that changes something, allowed or refused, is on the disk before its answer goes out. */

import type { NewAuditEntry, Store } from '@tekton-dag/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request is about, as far as its handler knows; read by the audit. */
    audited: AuditSubject | undefined;
  }
}

export interface AuditSubject {
  readonly team?: string;
  readonly subject?: string;
  readonly detail?: string;
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const MAX_DETAIL_CHARACTERS = 500;

/**
 * Requests without a caller are counted by the guard and not kept: else anybody could fill the disk. An audit log that
 * cannot be written is an error of the log; the work is done, and its answer still goes out.
 */
export function auditRequests(scope: FastifyInstance, { audit }: Pick<Store, 'audit'>): void {
  scope.decorateRequest('audited', undefined);
  scope.addHook('onSend', async (request, reply, payload) => {
    if (READING.has(request.method) || request.caller === undefined) return payload;
    const entry = describe(request, reply, request.caller);
    try {
      await audit.append(entry);
    } catch (error) {
      request.log.error({ err: error, entry }, 'an entry of the audit log is lost');
    }
    return payload;
  });
}

function describe(request: FastifyRequest, reply: FastifyReply, caller: Caller): NewAuditEntry {
  const { team = '', subject = pathOf(request), detail = '' } = request.audited ?? {};
  return {
    timeMs: Date.now(),
    caller: caller.name,
    action: `${request.method} ${request.routeOptions.url ?? ''}`,
    team,
    subject,
    outcome: outcomeOf(reply.statusCode),
    detail: `${reply.statusCode} ${detail}`.trim().slice(0, MAX_DETAIL_CHARACTERS),
  };
}

/** Of a request that was refused before its handler knew what it is about. */
function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1).join('').slice(0, MAX_DETAIL_CHARACTERS);
}

function outcomeOf(status: number): NewAuditEntry['outcome'] {
  if (status < 400) return 'allowed';
  return status < 500 ? 'refused' : 'failed';
}
