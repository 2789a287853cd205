/** The params that every task of a pipeline gets: which run it belongs to. */
import { field } from '../field.ts';

/** Spread into a step's schema. */
export const runEnv = {
  RUN_NAME: field.objectName,
  RUN_NAMESPACE: field.dnsLabel,
} as const;
