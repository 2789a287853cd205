/** The orchestrator's settings, from environment variables; secrets come from files. */

import { err, ok, type Result } from '@tekton-dag/model';
import { hostname } from 'node:os';
import { z } from 'zod';
import { Secret } from './secret.ts';

export interface OrchestratorConfig {
  readonly listenHost: string;
  /** 0 takes a free port. */
  readonly listenPort: number;
  readonly storeUrl: Secret;
  /** Checkout of the platform repository: paths such as `stacks/stack-one.yaml` are relative to it. */
  readonly platformDir: string;
  /** Holds `<team>/team.yaml`. */
  readonly teamsDir: string;
  /** One, or two while a secret is rotated; a signature of either counts. */
  readonly webhookSecrets: readonly Secret[];
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

export interface ConfigProblem {
  /** The environment variable. */
  readonly key: string;
  readonly message: string;
}

/** Reads a file as text, or throws. */
export type ReadTextFile = (path: string) => string;

const PREFIX = 'TEKTON_DAG_';
/** Told by the local cluster to everything that it runs. */
const OTHERS = new Set(['TEKTON_DAG_CONTAINER_ID', 'TEKTON_DAG_HOST_TOOLCHAIN']);
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DEFAULT_MAX_BODY_BYTES = 25 * 1024 * 1024;
const MIN_SECRET_LENGTH = 16;

const settings = z.strictObject({
  TEKTON_DAG_LISTEN_HOST: z.string().min(1).default('127.0.0.1'),
  TEKTON_DAG_LISTEN_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  TEKTON_DAG_STORE_URL: z.string().min(1).optional(),
  TEKTON_DAG_STORE_URL_FILE: z.string().min(1).optional(),
  TEKTON_DAG_PLATFORM_DIR: z.string().min(1).default('.'),
  TEKTON_DAG_TEAMS_DIR: z.string().min(1).optional(),
  TEKTON_DAG_WEBHOOK_SECRET_FILE: z.string({ error: 'is required' }).min(1),
  TEKTON_DAG_WEBHOOK_SECRET_NEXT_FILE: z.string().min(1).optional(),
  TEKTON_DAG_API_TOKEN_FILE: z.string({ error: 'is required' }).min(1),
  TEKTON_DAG_MAX_BODY_BYTES: z.coerce.number().int().min(1024).default(DEFAULT_MAX_BODY_BYTES),
  TEKTON_DAG_DEFAULT_NAMESPACE: z.string().regex(DNS_LABEL, 'must be a namespace name').default('staging'),
  TEKTON_DAG_IMAGE: z.string().min(1).optional(),
  TEKTON_DAG_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  TEKTON_DAG_INSTANCE: z.string().min(1).optional(),
});

type Settings = z.infer<typeof settings>;

/**
 * Reads every `TEKTON_DAG_*` variable of `env`; an unknown one is a problem, save those that Kubernetes makes for
 * Services whose names begin with `tekton-dag`. All problems are told at once; none repeats a secret.
 */
export function parseOrchestratorConfig(
  env: Readonly<Record<string, string | undefined>>,
  readFile: ReadTextFile,
): Result<OrchestratorConfig, readonly ConfigProblem[]> {
  const parsed = settings.safeParse(ownVariables(env));
  if (!parsed.success) return err(parsed.error.issues.flatMap(toProblems));
  const secrets = readSecrets(parsed.data, readFile);
  return secrets.ok ? ok(compileConfig(parsed.data, secrets.value)) : secrets;
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

interface Secrets {
  readonly storeUrl: Secret;
  readonly webhookSecrets: readonly Secret[];
  readonly apiToken: Secret;
}

function readSecrets(values: Settings, readFile: ReadTextFile): Result<Secrets, readonly ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  const read = (key: keyof Settings, minLength: number): Secret[] => {
    const path = values[key];
    if (typeof path !== 'string') return [];
    const secret = readSecret(path, readFile, minLength);
    if (!secret.ok) problems.push({ key, message: secret.error });
    return secret.ok ? [secret.value] : [];
  };
  const webhookSecrets = [
    ...read('TEKTON_DAG_WEBHOOK_SECRET_FILE', MIN_SECRET_LENGTH),
    ...read('TEKTON_DAG_WEBHOOK_SECRET_NEXT_FILE', MIN_SECRET_LENGTH),
  ];
  const [apiToken = new Secret('')] = read('TEKTON_DAG_API_TOKEN_FILE', MIN_SECRET_LENGTH);
  const inline = new Secret(values.TEKTON_DAG_STORE_URL ?? 'sqlite:tekton-dag.sqlite');
  const [storeUrl = inline] = read('TEKTON_DAG_STORE_URL_FILE', 1);
  return problems.length > 0 ? err(problems) : ok({ storeUrl, webhookSecrets, apiToken });
}

function readSecret(path: string, readFile: ReadTextFile, minLength: number): Result<Secret, string> {
  try {
    const text = readFile(path).trim();
    if (text.length >= minLength) return ok(new Secret(text));
    return err(`the file ${path} must hold at least ${minLength} characters`);
  } catch (error) {
    return err(`the file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function compileConfig(values: Settings, secrets: Secrets): OrchestratorConfig {
  const platformDir = values.TEKTON_DAG_PLATFORM_DIR;
  return Object.freeze({
    ...secrets,
    listenHost: values.TEKTON_DAG_LISTEN_HOST,
    listenPort: values.TEKTON_DAG_LISTEN_PORT,
    platformDir,
    teamsDir: values.TEKTON_DAG_TEAMS_DIR ?? `${platformDir}/teams`,
    maxBodyBytes: values.TEKTON_DAG_MAX_BODY_BYTES,
    defaultNamespace: values.TEKTON_DAG_DEFAULT_NAMESPACE,
    tektonDagImage: values.TEKTON_DAG_IMAGE,
    logLevel: values.TEKTON_DAG_LOG_LEVEL,
    instance: values.TEKTON_DAG_INSTANCE ?? hostname(),
  });
}
