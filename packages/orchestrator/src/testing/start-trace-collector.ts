/** startTraceCollector: takes spans as an OpenTelemetry collector does (OTLP over HTTP, JSON), and keeps them. */

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const attribute = z.object({
  key: z.string(),
  value: z.looseObject({
    stringValue: z.string().optional(),
    intValue: z.union([z.number(), z.string()]).optional(),
  }),
});
const span = z.object({
  traceId: z.string().length(32),
  spanId: z.string().length(16),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: z.array(attribute).default([]),
  status: z.looseObject({ code: z.number().optional() }),
});
const request = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.looseObject({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.looseObject({ spans: z.array(span) })),
    }),
  ),
});

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TraceCollector extends AsyncDisposable {
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** Attributes of the last resource that told spans. */
  readonly resource: Readonly<Record<string, string>>;
  /** Headers of the requests, in order. */
  readonly headers: readonly Readonly<Record<string, unknown>>[];
}

const STATUS_ERROR = 2;

/** On a free port of loopback. Answers 400 to what is no OTLP. */
export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const headers: Readonly<Record<string, unknown>>[] = [];
  let resource: Readonly<Record<string, string>> = {};
  const take = (body: string): boolean => {
    const parsed = request.safeParse(JSON.parse(body));
    if (!parsed.success) return false;
    for (const told of parsed.data.resourceSpans) {
      resource = plain(told.resource.attributes);
      spans.push(...told.scopeSpans.flatMap((scope) => scope.spans.map(toCollected)));
    }
    return true;
  };
  const server = createServer((incoming, response) => {
    headers.push(incoming.headers);
    text(incoming)
      .then((body) => response.writeHead(incoming.url === '/v1/traces' && take(body) ? 200 : 400).end('{}'))
      .catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    headers,
    get resource() {
      return resource;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function toCollected({
  traceId,
  spanId,
  parentSpanId,
  name,
  status,
  attributes,
}: z.output<typeof span>): CollectedSpan {
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId === '' ? undefined : parentSpanId,
    name,
    failed: status.code === STATUS_ERROR,
    attributes: plain(attributes),
  };
}

function plain(attributes: readonly z.output<typeof attribute>[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, String(value.stringValue ?? value.intValue ?? '')]),
  );
}
