/** `GET /api/events`: what happens, as it happens (Server-Sent Events). */

import { sleep } from '@tekton-dag/kube';
import type { EventRow } from '@tekton-dag/store';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { visibleTeams } from '../auth/caller.ts';
import { lastEventIdOf, type StreamEvent } from './event-stream.ts';
import { eventStreamResponse } from './event-stream-response.ts';
import { callerOf } from './guard.ts';
import type { ApiContext } from './http-context.ts';
import { parseOwnJson } from './parse-own-json.ts';
import { ProblemError } from './problem.ts';

const POLL_MS = 500;
const PAGE = 200;

const eventsQuery = z.object({
  from: z
    .enum(['now', 'start'])
    .default('now')
    .describe('Where to begin without Last-Event-ID: what is to come, or the oldest event that is kept.'),
});

export function registerEventRoutes(scope: FastifyInstance, context: ApiContext): void {
  scope.withTypeProvider<ZodTypeProvider>().get(
    '/api/events',
    {
      config: { access: { role: 'viewer', over: 'team' } },
      // A stream without its body would be open for nobody.
      exposeHeadRoute: false,
      schema: {
        tags: ['runs'],
        summary: "What happens to the caller's teams; resumes after `Last-Event-ID`",
        querystring: eventsQuery,
        response: eventStreamResponse,
      },
    },
    async (request, reply) => {
      const teams = visibleTeams(callerOf(request));
      const afterSeq = await startOf(context, lastEventIdOf(request), request.query.from);
      return context.streams.send(request, reply, (signal) => produce(context, { teams, afterSeq, signal }));
    },
  );
}

async function startOf(
  { store }: ApiContext,
  lastId: string | undefined,
  from: 'now' | 'start',
): Promise<number> {
  if (lastId === undefined) return from === 'start' ? 0 : store.events.newestSeq();
  if (/^\d{1,15}$/.test(lastId)) return Number(lastId);
  throw new ProblemError({ status: 400, code: 'invalid-cursor', title: 'Last-Event-ID is not one of ours' });
}

interface Reading {
  readonly teams: readonly string[] | undefined;
  readonly afterSeq: number;
  readonly signal: AbortSignal;
}

async function* produce({ store }: ApiContext, reading: Reading): AsyncGenerator<StreamEvent> {
  const { teams, signal } = reading;
  let { afterSeq } = reading;
  while (!signal.aborted) {
    const { items, lastSeq } = await store.events.read({ afterSeq, limit: PAGE, teams });
    for (const event of items) yield present(event);
    const idle = lastSeq === afterSeq;
    afterSeq = lastSeq;
    if (idle) await sleep(POLL_MS, signal);
  }
}

function present({ seq, id, type, subject, team, timeMs, data }: EventRow): StreamEvent {
  const time = new Date(timeMs).toISOString();
  return { id: String(seq), event: type, data: { id, type, subject, team, time, data: parseOwnJson(data) } };
}
