/** The bodies of `POST /api/run` and `POST /api/bootstrap`; key names are those that callers know. */

import { z } from 'zod';

/** A commit, branch or tag: git's own rules (git-check-ref-format), and never something that looks like an option. */
const REF = /^(?!-)(?!.*(?:\.\.|@\{|\/\/))[^\p{Cc} ~^:?*[\\]{1,255}$/u;
const APP_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

const appName = z.string().regex(APP_NAME, 'must be the name of an app');
/** Not as a pattern of the schema: tools that read the OpenAPI document cannot make values of this one. */
const ref = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => REF.test(text), 'must be a commit, branch or tag');

/** What every run may be asked. The last four must be what the team's file says; they are here for callers of old. */
const anyRun = {
  team: z.string().min(1).max(63).optional(),
  stack_file: z.string().min(1).max(255).optional(),
  app_revisions: z.record(appName, ref).default({}),
  version_overrides: z.record(appName, z.string().regex(VERSION, 'must be a version')).default({}),
  force_rebuild: z.boolean().default(false),
  git_url: z.string().optional(),
  git_revision: z.string().optional(),
  intercept_backend: z.string().optional(),
  image_registry: z.string().optional(),
};

/** A pull request's number; as text too, which old callers send. */
const digits = z
  .string()
  .regex(/^\d{1,10}$/, 'must be a number')
  .transform(Number);
const pullRequest = z.union([z.number(), digits]).pipe(z.int32().positive());

/** One app, or several by comma. */
const changedApps = z
  .string()
  .max(4096)
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(appName).min(1));

const apps = z.array(appName).default([]);
const prRun = z.strictObject({
  ...anyRun,
  mode: z.literal('pr'),
  changed_app: changedApps,
  pr_number: pullRequest,
});
const mergeRun = z.strictObject({
  ...anyRun,
  mode: z.literal('merge'),
  changed_app: changedApps,
  pr_number: pullRequest.optional(),
});
const bootstrapRun = z.strictObject({ ...anyRun, mode: z.literal('bootstrap'), apps });

/** Without a mode it is a pull request's run, as ever. */
export const runBody = z.preprocess(
  (body) => (typeof body === 'object' && body !== null && !('mode' in body) ? { ...body, mode: 'pr' } : body),
  z.discriminatedUnion('mode', [prRun, mergeRun, bootstrapRun]),
);

/** The body may be left out. */
export const bootstrapBody = z.preprocess((body) => body ?? {}, z.strictObject({ ...anyRun, apps }));

export type RunBody = z.infer<typeof runBody>;
