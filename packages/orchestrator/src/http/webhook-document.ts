/** webhookDocument: the webhooks in the OpenAPI document. Their own routes have no schemas: they check signatures over bytes. */

import { z } from 'zod';
import { problemResponses } from './problem-schema.ts';

const answer = z.object({
  status: z.enum(['accepted', 'duplicate', 'ignored']),
  delivery: z.string(),
  mode: z.enum(['pr', 'merge', 'close', 'command', 'ignored']).optional(),
  pipelinerun: z.string().optional().describe('The first of `runs`.'),
  runs: z.array(z.string()).optional(),
  reason: z.string().optional().describe('Why it makes no run.'),
  detail: z.string().optional(),
});

const responses = {
  200: answer.describe('It came before, or makes no run.'),
  202: answer.describe('It is stored; the runs will be made.'),
  ...problemResponses,
};

const HEADERS = {
  github: {
    'x-github-event': z.string(),
    'x-github-delivery': z.string(),
    'x-hub-signature-256': z.string().describe('HMAC-SHA256 of the body, `sha256=<hex>`.'),
  },
  gitea: {
    'x-gitea-event': z.string(),
    'x-gitea-delivery': z.string(),
    'x-gitea-signature': z.string().describe('HMAC-SHA256 of the body in hex.'),
  },
} as const;

/** Undefined for other paths. `url` is Fastify's, with `:name` for params. */
export function webhookDocument(url: string): object | undefined {
  const [, kind, named] = /^\/webhook\/(github|gitea)(\/:name)?$/.exec(url) ?? [];
  if (kind !== 'github' && kind !== 'gitea') return undefined;
  return {
    tags: ['webhooks'],
    summary:
      named === undefined
        ? `A delivery of ${kind}, signed with the service's secret`
        : `A delivery of ${kind}, signed with the secret of a team or an organization`,
    security: [],
    headers: z.object(HEADERS[kind]),
    body: z.looseObject({}).describe("The event's payload."),
    response: responses,
    ...(named === undefined ? {} : { params: z.object({ name: z.string() }) }),
  };
}
