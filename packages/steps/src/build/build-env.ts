/** The params of task build. */
import { packageProxiesSchema, registryMirrorsSchema } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { runEnv } from '../kubernetes/run-env.ts';

export const buildEnvSchema = z.object({
  ...runEnv,
  GIT_BASE_URL: field.text,
  TEKTON_DAG_IMAGE: field.text,
  INSECURE_REGISTRIES: field.optionalText,
  REGISTRY_MIRRORS: field.json(registryMirrorsSchema).default({}),
  PACKAGE_PROXIES: field.json(packageProxiesSchema).default({}),
  CACHE_REPO: field.optionalText,
  BUILDER_IMAGE: field.optionalText,
  TRACEPARENT: field.traceparent,
  /** Where the tasks of the builds are fetched from; both empty for the installed ones. */
  CATALOG_URL: field.optionalText,
  CATALOG_REVISION: field.optionalText,
  CATALOG_SECRET: field.optionalText,
});
export type BuildEnv = z.infer<typeof buildEnvSchema>;
