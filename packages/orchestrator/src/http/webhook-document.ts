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

const interceptorRequest = z
  .looseObject({ body: z.string(), header: z.record(z.string(), z.array(z.string())) })
  .describe('An InterceptorRequest of Tekton Triggers: the delivery as it reached the EventListener.');

const interceptorResponses = {
  200: z
    .object({ continue: z.literal(false), status: z.object({ code: z.int(), message: z.string() }) })
    .describe('It is stored or makes no run; the EventListener has nothing to do.'),
  ...problemResponses,
};

/** Undefined for other paths. `url` is Fastify's, with `:name` for params. */
export function webhookDocument(url: string): object | undefined {
  const [, wrapped, kind, named] = /^\/webhook\/(triggers\/)?(github|gitea)(\/:name)?$/.exec(url) ?? [];
  if (kind !== 'github' && kind !== 'gitea') return undefined;
  const subject =
    wrapped === undefined ? `A delivery of ${kind}` : `A delivery of ${kind} that an EventListener hands on`;
  const signer = named === undefined ? "the service's secret" : 'the secret of a team or an organization';
  return {
    tags: ['webhooks'],
    summary: `${subject}, signed with ${signer}`,
    security: [],
    ...(wrapped === undefined ? plainDelivery(kind) : wrappedDelivery),
    ...(named === undefined ? {} : { params: z.object({ name: z.string() }) }),
  };
}

const wrappedDelivery = { body: interceptorRequest, response: interceptorResponses };

const plainDelivery = (kind: keyof typeof HEADERS) => ({
  headers: z.object(HEADERS[kind]),
  body: z.looseObject({}).describe("The event's payload."),
  response: responses,
});
