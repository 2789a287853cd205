/** The settings of what the service tells of itself: metrics, events. Traces have the names that OpenTelemetry gave them. */

import { z } from 'zod';
import type { Secret } from '../secret.ts';
import type { SecretReader } from './secret-reader.ts';

export interface EventSinkConfig {
  /** Gets a POST for each CloudEvent. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token: Secret | undefined;
}

export interface TelemetryConfig {
  /** Where `/metrics` is served without a token besides; absent: only behind the API's token. */
  readonly metricsPort: number | undefined;
  readonly eventSink: EventSinkConfig | undefined;
  /** Events of before this age are dropped from the log. */
  readonly eventRetentionMs: number;
  /** What no trace showed for so long is dropped from the test plan. */
  readonly testPlanRetentionMs: number;
}

const MS_PER_DAY = 86_400_000;

export const telemetrySettings = {
  TEKTON_DAG_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  TEKTON_DAG_EVENTS_SINK_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .refine((url) => !URL.canParse(url) || new URL(url).password === '', {
      error: 'must hold no password: use TEKTON_DAG_EVENTS_SINK_TOKEN_FILE',
    })
    .optional(),
  TEKTON_DAG_EVENTS_SINK_TOKEN_FILE: z.string().min(1).optional(),
  TEKTON_DAG_EVENTS_RETENTION_DAYS: z.coerce.number().int().min(1).default(14),
  TEKTON_DAG_TEST_PLAN_RETENTION_DAYS: z.coerce.number().int().min(1).default(180),
};

type TelemetrySettings = z.output<z.ZodObject<typeof telemetrySettings>>;

/** A token that cannot be read is told to `secrets`. */
export function compileTelemetryConfig(values: TelemetrySettings, secrets: SecretReader): TelemetryConfig {
  const url = values.TEKTON_DAG_EVENTS_SINK_URL;
  const key = 'TEKTON_DAG_EVENTS_SINK_TOKEN_FILE';
  const [token] = secrets.read(key, values[key], 1);
  return {
    metricsPort: values.TEKTON_DAG_METRICS_PORT,
    eventSink: url === undefined ? undefined : { url, token },
    eventRetentionMs: values.TEKTON_DAG_EVENTS_RETENTION_DAYS * MS_PER_DAY,
    testPlanRetentionMs: values.TEKTON_DAG_TEST_PLAN_RETENTION_DAYS * MS_PER_DAY,
  };
}
