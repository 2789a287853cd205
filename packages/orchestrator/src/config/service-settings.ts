/** The settings of the service itself: where it listens, what it works on, its store and its own secrets. */

import { hostname } from 'node:os';
import { z } from 'zod';
import { Secret } from '../secret.ts';
import type { SecretReader } from './secret-reader.ts';

export interface ServiceConfig {
  readonly listenHost: string;
  /** 0 takes a free port. */
  readonly listenPort: number;
  /** How long a service that was told to end still answers, not ready, until all who send to it have heard of it. */
  readonly drainMs: number;
  readonly storeUrl: Secret;
  /** Checkout of the platform repository: paths such as `stacks/stack-one.yaml` are relative to it. */
  readonly platformDir: string;
  /** Holds `<team>/team.yaml`. */
  readonly teamsDir: string;
  /** Those without a name: one, or two while it is rotated; none where every secret has a name. */
  readonly webhookSecrets: readonly Secret[];
  /** Where they are: they are read again as the files change, and the second may come and go. */
  readonly webhookSecretFiles: readonly string[];
  readonly apiToken: Secret;
  readonly maxBodyBytes: number;
  /** Namespace of apps that name none; the pipelines' param `default-namespace`. */
  readonly defaultNamespace: string;
  /** The image of our own steps; absent means the pipelines' default. */
  readonly tektonDagImage: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Tells replicas apart; what an instance had claimed when it died is its own again when it restarts. */
  readonly instance: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DEFAULT_MAX_BODY_BYTES = 25 * 1024 * 1024;
const MIN_SECRET_LENGTH = 16;
const MS_PER_SECOND = 1_000;
const MAX_DRAIN_SECONDS = 600;

export const serviceSettings = {
  TEKTON_DAG_LISTEN_HOST: z.string().min(1).default('127.0.0.1'),
  TEKTON_DAG_LISTEN_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  TEKTON_DAG_DRAIN_SECONDS: z.coerce.number().int().min(0).max(MAX_DRAIN_SECONDS).default(0),
  TEKTON_DAG_STORE_URL: z.string().min(1).optional(),
  TEKTON_DAG_STORE_URL_FILE: z.string().min(1).optional(),
  TEKTON_DAG_PLATFORM_DIR: z.string().min(1).default('.'),
  TEKTON_DAG_TEAMS_DIR: z.string().min(1).optional(),
  TEKTON_DAG_WEBHOOK_SECRET_FILE: z.string().min(1).optional(),
  TEKTON_DAG_WEBHOOK_SECRET_NEXT_FILE: z.string().min(1).optional(),
  TEKTON_DAG_API_TOKEN_FILE: z.string({ error: 'is required' }).min(1),
  TEKTON_DAG_MAX_BODY_BYTES: z.coerce.number().int().min(1024).default(DEFAULT_MAX_BODY_BYTES),
  TEKTON_DAG_DEFAULT_NAMESPACE: z.string().regex(DNS_LABEL, 'must be a namespace name').default('staging'),
  TEKTON_DAG_IMAGE: z.string().min(1).optional(),
  TEKTON_DAG_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  TEKTON_DAG_INSTANCE: z.string().min(1).optional(),
};

/** Where no directory of named secrets is set, there must be one without a name. */
export const unnamedSecretSetting = {
  TEKTON_DAG_WEBHOOK_SECRET_FILE: z.string({ error: 'is required' }).min(1),
};

type ServiceSettings = z.output<z.ZodObject<typeof serviceSettings>>;

/** What cannot be read is told to `secrets`; such a configuration is never used. */
export function compileServiceConfig(values: ServiceSettings, secrets: SecretReader): ServiceConfig {
  const platformDir = values.TEKTON_DAG_PLATFORM_DIR;
  const read = (key: keyof ServiceSettings & `${string}_FILE`, minLength = MIN_SECRET_LENGTH) =>
    secrets.read(key, values[key], minLength);
  const [apiToken = new Secret('')] = read('TEKTON_DAG_API_TOKEN_FILE');
  const inlineUrl = new Secret(values.TEKTON_DAG_STORE_URL ?? 'sqlite:tekton-dag.sqlite');
  const [storeUrl = inlineUrl] = read('TEKTON_DAG_STORE_URL_FILE', 1);
  const [first, next] = ['TEKTON_DAG_WEBHOOK_SECRET_FILE', 'TEKTON_DAG_WEBHOOK_SECRET_NEXT_FILE'] as const;
  return {
    storeUrl,
    apiToken,
    webhookSecrets: [...read(first), ...secrets.readIfThere(next, values[next], MIN_SECRET_LENGTH)],
    webhookSecretFiles: [values[first], values[next]].filter((path) => path !== undefined),
    listenHost: values.TEKTON_DAG_LISTEN_HOST,
    listenPort: values.TEKTON_DAG_LISTEN_PORT,
    drainMs: values.TEKTON_DAG_DRAIN_SECONDS * MS_PER_SECOND,
    platformDir,
    teamsDir: values.TEKTON_DAG_TEAMS_DIR ?? `${platformDir}/teams`,
    maxBodyBytes: values.TEKTON_DAG_MAX_BODY_BYTES,
    defaultNamespace: values.TEKTON_DAG_DEFAULT_NAMESPACE,
    tektonDagImage: values.TEKTON_DAG_IMAGE,
    logLevel: values.TEKTON_DAG_LOG_LEVEL,
    instance: values.TEKTON_DAG_INSTANCE ?? hostname(),
  };
}
