/** The settings of forges and their deliveries: named webhook secrets, API credentials, how long deliveries are kept. */

import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { parseForgeFile, type ForgeEntry } from '../forge/forge-file.ts';
import type { SecretReader } from './secret-reader.ts';

export interface DeliveryRetention {
  readonly maxAgeDays: number;
  /** Finished deliveries; 0 keeps any number. */
  readonly maxCount: number;
  readonly payloadMaxAgeDays: number;
}

export interface ForgesConfig {
  /** Holds `<name>` and `<name>.next`; absent: only secrets without a name count. */
  readonly webhookSecretsDir: string | undefined;
  readonly forges: readonly ForgeEntry[];
  readonly deliveryRetention: DeliveryRetention;
}

const days = z.coerce.number().int().min(1).max(3_650);

export const forgeSettings = {
  TEKTON_DAG_WEBHOOK_SECRETS_DIR: z.string().min(1).optional(),
  TEKTON_DAG_FORGES_FILE: z.string().min(1).optional(),
  TEKTON_DAG_DELIVERY_MAX_AGE_DAYS: days.default(30),
  TEKTON_DAG_DELIVERY_MAX_COUNT: z.coerce.number().int().min(0).default(1_000_000),
  TEKTON_DAG_DELIVERY_PAYLOAD_MAX_AGE_DAYS: days.default(7),
};

type ForgeSettings = z.output<z.ZodObject<typeof forgeSettings>>;

const FILE_KEY = 'TEKTON_DAG_FORGES_FILE';
const MIN_CREDENTIAL_LENGTH = 16;

/** What cannot be read is told to `secrets`; such a configuration is never used. */
export function compileForgesConfig(values: ForgeSettings, secrets: SecretReader): ForgesConfig {
  return {
    webhookSecretsDir: values.TEKTON_DAG_WEBHOOK_SECRETS_DIR,
    forges: readForges(values.TEKTON_DAG_FORGES_FILE, secrets),
    deliveryRetention: {
      maxAgeDays: values.TEKTON_DAG_DELIVERY_MAX_AGE_DAYS,
      maxCount: values.TEKTON_DAG_DELIVERY_MAX_COUNT,
      payloadMaxAgeDays: values.TEKTON_DAG_DELIVERY_PAYLOAD_MAX_AGE_DAYS,
    },
  };
}

function readForges(path: string | undefined, secrets: SecretReader): readonly ForgeEntry[] {
  const [text] = secrets.read(FILE_KEY, path, 1);
  if (path === undefined || text === undefined) return [];
  const parsed = parseForgeFile(text.reveal(), path);
  if (parsed.ok) {
    const entries = parsed.value.map((entry) => locateFiles(entry, dirname(path)));
    for (const entry of entries) checkCredential(entry, secrets);
    return entries;
  }
  for (const { file, line, column, message, hint } of parsed.error) {
    const words = hint === undefined ? message : `${message}: ${hint}`;
    secrets.report({ key: FILE_KEY, message: `${file}:${line}:${column}: ${words}` });
  }
  return [];
}

/** Relative paths lie beside the forges file, wherever it is mounted. */
function locateFiles(entry: ForgeEntry, directory: string): ForgeEntry {
  const { tokenFile, app } = entry;
  return {
    ...entry,
    ...(tokenFile === undefined ? {} : { tokenFile: resolve(directory, tokenFile) }),
    ...(app === undefined ? {} : { app: { ...app, privateKeyFile: resolve(directory, app.privateKeyFile) } }),
  };
}

/** It is read again by whoever uses it: a token may be rotated. */
function checkCredential({ tokenFile, app }: ForgeEntry, secrets: SecretReader): void {
  secrets.read(FILE_KEY, tokenFile ?? app?.privateKeyFile, MIN_CREDENTIAL_LENGTH);
}
