/** The orchestrator's settings, from environment variables; secrets come from files. One file per section of settings. */

import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import { accessSettings, compileAccessConfig, type AccessConfig } from './access-settings.ts';
import { catalogSettings, compileCatalogConfig, type CatalogConfig } from './catalog-settings.ts';
import type { ConfigProblem } from './config-problem.ts';
import { compileForgesConfig, forgeSettings, type ForgesConfig } from './forge-settings.ts';
import { compilePlatformConfig, platformSettings, type PlatformConfig } from './platform-settings.ts';
import { compileQueueConfig, queueSettings, type QueueConfig } from './queue-settings.ts';
import { compileReportingConfig, reportingSettings, type ReportingConfig } from './reporting-settings.ts';
import { createSecretReader, type ReadTextFile } from './secret-reader.ts';
import {
  compileServiceConfig,
  serviceSettings,
  unnamedSecretSetting,
  type ServiceConfig,
} from './service-settings.ts';
import { compileStoreConfig, storeSettings, type StoreConfig } from './store-settings.ts';
import { compileTelemetryConfig, telemetrySettings, type TelemetryConfig } from './telemetry-settings.ts';
import { parseTracingConfig, type TracingConfig } from './tracing-settings.ts';

export type OrchestratorConfig = ServiceConfig &
  AccessConfig &
  CatalogConfig &
  ForgesConfig &
  PlatformConfig &
  QueueConfig &
  ReportingConfig &
  StoreConfig &
  TelemetryConfig & { readonly tracing: TracingConfig | undefined };

const PREFIX = 'TEKTON_DAG_';
/** Told by the local cluster to everything that it runs, and read by the commands that call the API. */
const OTHERS = new Set([
  'TEKTON_DAG_CONTAINER_ID',
  'TEKTON_DAG_HOST_TOOLCHAIN',
  'TEKTON_DAG_SERVER',
  'TEKTON_DAG_TOKEN_FILE',
]);

/** One key for each variable; the form of its text, or of the number that the text stands for. */
export const settingsSchema = z.strictObject({
  ...accessSettings,
  ...catalogSettings,
  ...forgeSettings,
  ...platformSettings,
  ...queueSettings,
  ...reportingSettings,
  ...serviceSettings,
  ...storeSettings,
  ...telemetrySettings,
});
const withUnnamedSecret = settingsSchema.extend(unnamedSecretSetting);

/** Every variable that is read, but the standard ones of OpenTelemetry. */
export const SETTING_NAMES: readonly string[] = Object.keys(settingsSchema.shape);

/**
 * Reads every `TEKTON_DAG_*` variable of `env`; an unknown one is a problem, save those that Kubernetes makes for
 * Services whose names begin with `tekton-dag`. All problems are told at once; none repeats a secret.
 */
export function parseOrchestratorConfig(
  env: Readonly<Record<string, string | undefined>>,
  readFile: ReadTextFile,
): Result<OrchestratorConfig, readonly ConfigProblem[]> {
  const own = ownVariables(env);
  const tracing = parseTracingConfig(env);
  const parsed = (
    own['TEKTON_DAG_WEBHOOK_SECRETS_DIR'] === undefined ? withUnnamedSecret : settingsSchema
  ).safeParse(own);
  if (!parsed.success || !tracing.ok) {
    return err([...(parsed.error?.issues ?? []).flatMap(toProblems), ...(tracing.ok ? [] : tracing.error)]);
  }
  const secrets = createSecretReader(readFile);
  const config = Object.freeze({
    ...compileAccessConfig(parsed.data, secrets),
    ...compileCatalogConfig(parsed.data, secrets),
    ...compileForgesConfig(parsed.data, secrets),
    ...compilePlatformConfig(parsed.data),
    ...compileQueueConfig(parsed.data),
    ...compileReportingConfig(parsed.data),
    ...compileServiceConfig(parsed.data, secrets),
    ...compileStoreConfig(parsed.data),
    ...compileTelemetryConfig(parsed.data, secrets),
    tracing: tracing.value,
  });
  return secrets.problems.length > 0 ? err(secrets.problems) : ok(config);
}

function ownVariables(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = Object.entries(env).flatMap(([key, value]) =>
    value !== undefined && value !== '' && isOwnVariable(key, value) ? [[key, value]] : [],
  );
  return Object.fromEntries(own);
}

function isOwnVariable(key: string, value: string): boolean {
  return key.startsWith(PREFIX) && !OTHERS.has(key) && !isServiceLink(key, value);
}

/** Kubernetes tells pods of every Service by such variables (Docker links form). */
function isServiceLink(key: string, value: string): boolean {
  if (/_SERVICE_(HOST|PORT(_\w+)?)$/.test(key) || /_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?$/.test(key)) return true;
  return key.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value);
}

function toProblems(issue: z.core.$ZodIssue): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ key, message: 'is not a setting of the orchestrator' }));
  }
  return [{ key: issue.path.join('.'), message: issue.message }];
}
