/** settingValues: the orchestrator's settings that a release may set, with the types that the orchestrator gives them. */

import { settingsSchema, tracingSettingsSchema } from '@tekton-dag/orchestrator';
import { z } from 'zod';

/** The chart sets these itself: from other values, or for what it mounts. */
export const CHART_OWNED_SETTINGS: readonly string[] = [
  'TEKTON_DAG_LISTEN_HOST',
  'TEKTON_DAG_LISTEN_PORT',
  'TEKTON_DAG_METRICS_PORT',
  'TEKTON_DAG_DRAIN_SECONDS',
  'TEKTON_DAG_PLATFORM_DIR',
  'TEKTON_DAG_TEAMS_DIR',
  'TEKTON_DAG_TEAMS_CONFIGMAPS',
  'TEKTON_DAG_STORE_URL',
  'TEKTON_DAG_STORE_URL_FILE',
  'TEKTON_DAG_WEBHOOK_SECRET_FILE',
  'TEKTON_DAG_WEBHOOK_SECRET_NEXT_FILE',
  'TEKTON_DAG_WEBHOOK_SECRETS_DIR',
  'TEKTON_DAG_API_TOKEN_FILE',
  'TEKTON_DAG_API_TOKENS_FILE',
  'TEKTON_DAG_FORGES_FILE',
  'TEKTON_DAG_EVENTS_SINK_TOKEN_FILE',
  'TEKTON_DAG_TOKEN_REVIEW',
  'TEKTON_DAG_DEFAULT_NAMESPACE',
  'TEKTON_DAG_IMAGE',
  'TEKTON_DAG_INSTANCE',
  'TEKTON_DAG_LEASE_NAME',
  'TEKTON_DAG_LEASE_NAMESPACE',
  'TEKTON_DAG_DEFAULT_TEAM_FILE',
  'TEKTON_DAG_IMAGE_REGISTRY',
  'TEKTON_DAG_GIT_URL',
  'TEKTON_DAG_GIT_REVISION',
  'TEKTON_DAG_CATALOG_URL',
  'TEKTON_DAG_CATALOG_REVISION',
];

/** They hold tokens: a value would be readable by whoever reads the release. `orchestrator.extraEnv` takes them from Secrets. */
const SECRET_VARIABLES: readonly string[] = [
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
];

/** As far as a number keeps its digits on its way through Go. */
const MOST = 2_147_483_647;

type Shape = Readonly<Record<string, z.core.$ZodType>>;

export const settingValues = valuesOf(settingsSchema.shape, CHART_OWNED_SETTINGS);
export const tracingValues = valuesOf(tracingSettingsSchema.shape, SECRET_VARIABLES);

function valuesOf(shape: Shape, without: readonly string[]): z.ZodObject<Record<string, z.ZodExactOptional>> {
  const entries = Object.entries(shape).filter(([name]) => !without.includes(name));
  return z.strictObject(
    Object.fromEntries(entries.map(([name, schema]) => [name, valueOf(schema).exactOptional()])),
  );
}

/** An environment variable is a text; the value is written as what the text means. */
function valueOf(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return valueOf(schema.unwrap());
  if (schema instanceof z.ZodNumber) return numberOf(schema);
  if (schema instanceof z.ZodEnum) return schema;
  if (schema instanceof z.ZodURL) return z.string().regex(/^https?:\/\/./, 'write an http or https URL');
  return z.string().min(1);
}

function numberOf({ minValue, maxValue, format }: z.ZodNumber): z.ZodType {
  const [least, most] = [minValue ?? 0, Math.min(maxValue ?? MOST, MOST)];
  return (format === 'safeint' ? z.int() : z.number()).min(least).max(most);
}
