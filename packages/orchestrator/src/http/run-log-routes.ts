/** `GET /api/runs/{namespace}/{name}/logs`: the logs of a run as they come (Server-Sent Events). */

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { RunKey } from '@tekton-dag/store';
import { followRunLogs } from '../logs/follow-run-logs.ts';
import { parseLogPosition, renderLogPosition, type LogPosition } from '../logs/log-position.ts';
import { listSecrets } from '../config/list-secrets.ts';
import { createSecretMask } from '../mask-secrets.ts';
import { lastEventIdOf, type StreamEvent } from './event-stream.ts';
import { eventStreamResponse } from './event-stream-response.ts';
import { findRun } from './find-run.ts';
import { callerOf } from './guard.ts';
import type { ApiContext } from './http-context.ts';
import { ProblemError } from './problem.ts';
import { runParams } from './run-params-schema.ts';

/** The id of the last event; whoever comes with it gets 204, which tells browsers not to come again. */
const END_ID = 'end';

export function registerRunLogRoutes(scope: FastifyInstance, context: ApiContext): void {
  scope.withTypeProvider<ZodTypeProvider>().get(
    '/api/runs/:namespace/:name/logs',
    {
      config: { access: { role: 'viewer', over: 'team' } },
      // A stream without its body would be open for nobody.
      exposeHeadRoute: false,
      schema: {
        tags: ['runs'],
        summary:
          'Logs of all steps, line by line; resumes after `Last-Event-ID`; event `end` when the run has ended',
        params: runParams,
        response: eventStreamResponse,
      },
    },
    async (request, reply) => {
      const run = await findRun(context.store, callerOf(request), request.params, 'viewer');
      const id = lastEventIdOf(request);
      if (id === END_ID) return reply.code(204).send(null);
      const after = id === undefined ? undefined : readPosition(id);
      return context.streams.send(request, reply, (signal) => produce(context, run, { after, signal }));
    },
  );
}

function readPosition(id: string): LogPosition {
  const position = parseLogPosition(id);
  if (position !== undefined) return position;
  throw new ProblemError({ status: 400, code: 'invalid-cursor', title: 'Last-Event-ID is not one of ours' });
}

async function* produce(
  { client, config, store }: ApiContext,
  { namespace, name }: RunKey,
  { after, signal }: { readonly after: LogPosition | undefined; readonly signal: AbortSignal },
): AsyncGenerator<StreamEvent> {
  const mask = createSecretMask(listSecrets(config));
  const lines = followRunLogs({
    client,
    namespace,
    run: name,
    after,
    signal,
    isFinished: async () => (await store.runs.get({ namespace, name }))?.finishedAtMs !== undefined,
  });
  for await (const { position, task, step, text } of lines) {
    const { pod, container, line } = position;
    const data = { task, step, pod, container, time: line.timestamp, line: mask(text) };
    yield { id: renderLogPosition(position), event: 'line', data };
  }
  if (signal.aborted) return;
  const state = (await store.runs.get({ namespace, name }))?.state ?? 'cancelled';
  yield { id: END_ID, event: 'end', data: { state } };
}
