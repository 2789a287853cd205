/** The params of tasks that read the platform repository: which stack of it, and which change. */
import { z } from 'zod';
import { field } from '../field.ts';
import { runEnv } from '../kubernetes/run-env.ts';

/** Names by comma or space. */
export const namesField = field.optionalText.transform((text) =>
  text.split(/[\s,]+/).filter((name) => name !== ''),
);
export const textMapSchema = z.record(z.string(), z.string());

/** Spread into a step's schema. */
export const platformEnv = {
  ...runEnv,
  RUN_UID: field.text,
  GIT_URL: field.text.regex(/^(?!-)[^\p{Cc}]+$/u, 'must be a git URL'),
  GIT_REVISION: field.revision,
  STACK_FILE: field.repositoryPath,
  VERSIONS_FILE: field.repositoryPath,
  VERSION_OVERRIDES: field.json(textMapSchema).default({}),
  TEAM: field.dnsLabel,
  IMAGE_REGISTRY: field.text,
  CHANGED_APP: namesField,
  PR_NUMBER: z
    .string()
    .regex(/^([1-9][0-9]{0,8})?$/, 'must be a whole number above 0')
    .default(''),
  PR_REPOSITORY: field.optionalText,
  FORGE_HOST: field.text
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/i, 'must be a host')
    .default('github.com'),
  SSH_KEY_PATH: field.optionalText,
  PLATFORM_REVISION_RESULT: field.optionalText,
} as const;
