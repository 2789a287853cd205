/** The OpenAPI 3.1 document, made from the schemas that check requests and answers; `GET /openapi.json`. */

import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import '@fastify/swagger';
import { webhookDocument } from './webhook-document.ts';

const DESCRIPTION = `Webhooks in, PipelineRuns out; and what became of both.

Everything but health, the webhooks and this document needs a bearer token, and a role: viewer reads, runner also starts and
stops runs, admin does all. A role holds in one team or in all. What the caller may not see answers 404.

Errors are problem details (RFC 9457) with a stable \`code\`.`;

const TAGS = [
  { name: 'runs', description: 'PipelineRuns: start, follow, stop.' },
  { name: 'deliveries', description: 'Webhook deliveries: what came, what was decided and why.' },
  { name: 'platform', description: 'Teams and stacks as they are loaded.' },
  { name: 'test plan', description: 'Which tests a change needs.' },
  { name: 'service', description: 'The service itself.' },
  { name: 'webhooks', description: 'Where forges deliver.' },
];

const transform = createJsonSchemaTransform({});

/** Call it before any route is declared. The document is made when it is first asked for. */
export function serveOpenApi(app: FastifyInstance, version: string): void {
  void app.register(import('@fastify/swagger'), {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'tekton-dag orchestrator',
        version,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0' },
      },
      tags: TAGS,
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: (document) =>
      transform({ ...document, schema: webhookDocument(document.url) ?? document.schema }),
    transformObject: jsonSchemaTransformObject,
  });
  void app.register(async (scope) => {
    let text: string | undefined;
    const schema = {
      tags: ['service'],
      summary: 'This document',
      security: [],
      response: { 200: z.looseObject({}) },
    };
    scope.get('/openapi.json', { schema }, async (_request, reply) => {
      text ??= renderDocument(app.swagger());
      return reply.type('application/json; charset=utf-8').send(text);
    });
  });
}

const shape = z.looseObject({
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

/** Without components that nothing refers to: each schema is listed once for requests and once for answers. */
function renderDocument(document: object): string {
  const { components, ...rest } = shape.parse(document);
  const whole = JSON.stringify(document);
  const used = Object.entries(components.schemas).filter(([name]) =>
    whole.includes(`"#/components/schemas/${name}"`),
  );
  return JSON.stringify({ ...rest, components: { ...components, schemas: Object.fromEntries(used) } });
}
