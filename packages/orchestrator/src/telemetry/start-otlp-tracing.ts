/** startOtlpTracing: spans to a collector by OTLP over HTTP. The only file that knows OpenTelemetry's libraries. */

import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type IdGenerator,
} from '@opentelemetry/sdk-trace';
import { formatTraceparent, parseTraceparent } from '@tekton-dag/model';
import type { TracingConfig } from '../config/tracing-settings.ts';
import type { SpanEnd, TraceSpan, Tracing } from './tracing.ts';

/** What does not fit is dropped: a collector that is away must cost no memory. */
const MAX_QUEUED_SPANS = 4_096;
const MAX_BATCH = 512;
const SEND_EVERY_MS = 1_000;
const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

export interface ServiceIdentity {
  readonly version: string;
  readonly instance: string;
}

/** Dispose it to send what is left. */
export function startOtlpTracing(config: TracingConfig, service: ServiceIdentity): Tracing {
  const ids = createIdGenerator();
  const provider = createProvider(config, service, ids);
  const tracer = provider.getTracer('tekton-dag', service.version);
  return {
    enabled: true,
    startSpan: ({ name, kind, parent, spanId, startedAtMs, attributes = {} }) => {
      const options = {
        kind: KINDS[kind],
        attributes,
        ...(startedAtMs === undefined ? {} : { startTime: startedAtMs }),
      };
      const span = ids.withSpanId(spanId, () => tracer.startSpan(name, options, contextOf(parent)));
      return { traceparent: traceparentOf(span), end: (end) => endSpan(span, end) } satisfies TraceSpan;
    },
    [Symbol.asyncDispose]: async () => provider.shutdown(),
  };
}

function createProvider(
  { url, headers, serviceName, resource, ratio }: TracingConfig,
  { version, instance }: ServiceIdentity,
  idGenerator: IdGenerator,
): TracerProvider {
  const plainHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.reveal()]),
  );
  const exporter = new OTLPTraceExporter({ url, headers: plainHeaders });
  const attributes = {
    'service.name': serviceName,
    'service.version': version,
    'service.instance.id': instance,
    ...resource,
  };
  return new TracerProvider({
    idGenerator,
    resource: defaultResource().merge(resourceFromAttributes(attributes)),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MAX_QUEUED_SPANS,
        maxExportBatchSize: MAX_BATCH,
        scheduledDelayMillis: SEND_EVERY_MS,
      }),
    ],
  });
}

/** Random ids, but for the one span that asks for its own. */
function createIdGenerator(): IdGenerator & { withSpanId<T>(id: string | undefined, start: () => T): T } {
  const random = new RandomIdGenerator();
  let wanted: string | undefined;
  return {
    generateTraceId: () => random.generateTraceId(),
    generateSpanId: () => wanted ?? random.generateSpanId(),
    withSpanId: (id, start) => {
      wanted = id;
      try {
        return start();
      } finally {
        wanted = undefined;
      }
    },
  };
}

function contextOf(parent = ''): Context {
  const found = parseTraceparent(parent);
  if (found === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = found;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return formatTraceparent({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
}

function endSpan(span: Span, { endedAtMs, attributes = {}, error }: SpanEnd = {}): void {
  span.setAttributes(attributes);
  if (error !== undefined) {
    span.setAttribute('error.type', error);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(endedAtMs);
}
