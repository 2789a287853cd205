/** The params of task prepare. */
import { PLAN_MODES, type BuildTool } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { runEnv } from '../kubernetes/run-env.ts';

const names = field.optionalText.transform((text) => text.split(/[\s,]+/).filter((name) => name !== ''));
const textMap = z.record(z.string(), z.string());

export const prepareEnvSchema = z
  .object({
    ...runEnv,
    RUN_UID: field.text,
    MODE: z.enum(PLAN_MODES),
    GIT_URL: field.text.regex(/^(?!-)[^\p{Cc}]+$/u, 'must be a git URL'),
    GIT_REVISION: field.revision,
    GIT_BASE_URL: field.text.regex(/^(?!-)[^\p{Cc}]+$/u, 'must be a URL'),
    STACK_FILE: field.repositoryPath,
    VERSIONS_FILE: field.repositoryPath,
    VERSION_OVERRIDES: field.json(textMap).default({}),
    TEAM: field.dnsLabel,
    IMAGE_REGISTRY: field.text,
    CHANGED_APP: names,
    PR_NUMBER: z
      .string()
      .regex(/^([1-9][0-9]{0,8})?$/, 'must be a whole number above 0')
      .default(''),
    PR_REPOSITORY: field.optionalText,
    FORGE_HOST: field.text
      .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/i, 'must be a host')
      .default('github.com'),
    APP_REVISIONS: field.json(textMap).default({}),
    DEFAULT_REVISION: field.revision,
    APPS: names,
    FORCE_REBUILD: field.flag,
    MAX_PARALLEL_BUILDS: field.positiveInteger,
    INTERCEPT_BACKEND: field.text.default('gateway'),
    DEFAULT_NAMESPACE: field.dnsLabel,
    SSH_KEY_PATH: field.optionalText,
    /** Set by the local cluster. */
    TEKTON_DAG_HOST_TOOLCHAIN: field.optionalText,
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
