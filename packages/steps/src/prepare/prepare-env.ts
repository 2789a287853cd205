/** The params of task prepare. */
import { PLAN_MODES, type BuildTool } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { namesField, platformEnv, textMapSchema } from './platform-env.ts';

export const prepareEnvSchema = z
  .object({
    ...platformEnv,
    MODE: z.enum(PLAN_MODES),
    GIT_BASE_URL: field.text.regex(/^(?!-)[^\p{Cc}]+$/u, 'must be a URL'),
    APP_REVISIONS: field.json(textMapSchema).default({}),
    DEFAULT_REVISION: field.revision,
    APPS: namesField,
    FORCE_REBUILD: field.flag,
    MAX_PARALLEL_BUILDS: field.positiveInteger,
    INTERCEPT_BACKEND: field.text.default('gateway'),
    DEFAULT_NAMESPACE: field.dnsLabel,
    /** Set by the local cluster. */
    TEKTON_DAG_HOST_TOOLCHAIN: field.optionalText,
    TEKTON_DAG_IMAGE: field.optionalText,
    COMPILE_IMAGE_NPM: field.optionalText,
    COMPILE_IMAGE_MAVEN: field.optionalText,
    COMPILE_IMAGE_GRADLE: field.optionalText,
    COMPILE_IMAGE_PIP: field.optionalText,
    COMPILE_IMAGE_COMPOSER: field.optionalText,
  })
  .transform((env) => ({
    ...env,
    compileImages: {
      npm: env.COMPILE_IMAGE_NPM,
      maven: env.COMPILE_IMAGE_MAVEN,
      gradle: env.COMPILE_IMAGE_GRADLE,
      pip: env.COMPILE_IMAGE_PIP,
      composer: env.COMPILE_IMAGE_COMPOSER,
    } satisfies Partial<Record<BuildTool, string>>,
  }));
export type PrepareEnv = z.infer<typeof prepareEnvSchema>;
