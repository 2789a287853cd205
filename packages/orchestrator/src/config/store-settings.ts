/** The settings of the store, beside its URL: what it may take of the database, and how long it keeps the service's own records. */

import { z } from 'zod';

const MS_PER_SECOND = 1_000;
const MS_PER_DAY = 86_400_000;

export interface StoreConfig {
  /** To Postgres, by this replica. */
  readonly storeMaxConnections: number;
  /** A statement on Postgres that takes longer is ended. */
  readonly storeStatementTimeoutMs: number;
  /** Entries of the audit log of before this age are dropped. */
  readonly auditRetentionMs: number;
}

export const storeSettings = {
  TEKTON_DAG_STORE_MAX_CONNECTIONS: z.coerce.number().int().min(2).max(1_000).default(16),
  TEKTON_DAG_STORE_STATEMENT_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(600).default(15),
  TEKTON_DAG_AUDIT_RETENTION_DAYS: z.coerce.number().int().min(1).default(365),
};

type StoreSettings = z.output<z.ZodObject<typeof storeSettings>>;

export function compileStoreConfig(values: StoreSettings): StoreConfig {
  return {
    storeMaxConnections: values.TEKTON_DAG_STORE_MAX_CONNECTIONS,
    storeStatementTimeoutMs: values.TEKTON_DAG_STORE_STATEMENT_TIMEOUT_SECONDS * MS_PER_SECOND,
    auditRetentionMs: values.TEKTON_DAG_AUDIT_RETENTION_DAYS * MS_PER_DAY,
  };
}
