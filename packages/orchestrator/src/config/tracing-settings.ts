/**
 * The settings of tracing: the OTEL_* variables that every program with OpenTelemetry knows, not names of our own
 * (OpenTelemetry, environment variable specification).
 */

import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import { Secret } from '../secret.ts';
import type { ConfigProblem } from './config-problem.ts';

export interface TracingConfig {
  /** Where spans are posted, e.g. `http://collector:4318/v1/traces`. */
  readonly url: string;
  /** Of each such request; a token is one of them as a rule. */
  readonly headers: Readonly<Record<string, Secret>>;
  readonly serviceName: string;
  readonly resource: Readonly<Record<string, string>>;
  /** Part of the traces that begin here and are kept, 0 to 1; a trace that began elsewhere is kept as it says itself. */
  readonly ratio: number;
}

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional();
/** gRPC would cost a library of its own; every collector speaks HTTP too. */
const protocol = z.enum(['http/json', 'http/protobuf'], { error: 'must be http/json' }).optional();
const pairs = z
  .string()
  .default('')
  .transform((text) => readPairs(text));

export const tracingSettingsSchema = z.object({
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none']).default('otlp'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: pairs,
  OTEL_RESOURCE_ATTRIBUTES: pairs,
  OTEL_SERVICE_NAME: z.string().default('tekton-dag-orchestrator'),
  OTEL_TRACES_SAMPLER: z
    .enum(['parentbased_always_on', 'parentbased_traceidratio'])
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
});

/** Undefined: no traces, which is so unless an endpoint is named. No message repeats a header. */
export function parseTracingConfig(
  env: Readonly<Record<string, string | undefined>>,
): Result<TracingConfig | undefined, readonly ConfigProblem[]> {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const parsed = tracingSettingsSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    return err(parsed.error.issues.map(({ path, message }) => ({ key: path.join('.'), message })));
  }
  return ok(compileTracing(parsed.data));
}

function compileTracing(values: z.output<typeof tracingSettingsSchema>): TracingConfig | undefined {
  const base = values.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, '');
  const target =
    values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base === undefined ? undefined : `${base}/v1/traces`);
  const off = values.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || values.OTEL_TRACES_EXPORTER === 'none';
  if (target === undefined || off) return undefined;
  const headers = {
    ...values.OTEL_EXPORTER_OTLP_HEADERS,
    ...values.OTEL_EXPORTER_OTLP_TRACES_HEADERS,
  };
  const always = values.OTEL_TRACES_SAMPLER === 'parentbased_always_on';
  return {
    url: target,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, new Secret(value)])),
    serviceName: values.OTEL_SERVICE_NAME,
    resource: values.OTEL_RESOURCE_ATTRIBUTES,
    ratio: always ? 1 : values.OTEL_TRACES_SAMPLER_ARG,
  };
}

/** `a=1,b=2`, percent-encoded as W3C Baggage; a part without a name is left out. */
function readPairs(text: string): Record<string, string> {
  const entries = text.split(',').flatMap((part) => {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    return name === undefined || value === undefined ? [] : [[name, decode(value)] as const];
  });
  return Object.fromEntries(entries);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
