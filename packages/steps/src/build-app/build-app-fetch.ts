/** Step build-app-fetch: the exact commit of one app, and compile.sh beside it. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gitUrlOf, packageProxiesSchema, parseGitRepository, type PackageProxies } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import { checkoutCommit } from '../git/checkout-commit.ts';
import { openGitEnvironment } from '../git/git-environment.ts';
import { createGit } from '../git/git.ts';
import { parseEnv } from '../parse-env.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { EXIT, StepFailure } from '../step-failure.ts';
import { buildSchema } from './build-schema.ts';
import { renderCompileScript } from './render-compile-script.ts';
import { renderProxyFiles } from './render-proxy-files.ts';

const envSchema = z.object({
  APP: field.dnsLabel,
  REPOSITORY: field.text,
  REVISION: field.commit,
  GIT_BASE_URL: field.text,
  CONTEXT_DIR: field.repositoryPath,
  BUILD: field.json(buildSchema),
  PACKAGE_PROXIES: field.json(packageProxiesSchema).default({}),
  /** Directory shared by the steps of the task. */
  SOURCE_PATH: field.text,
  SSH_KEY_PATH: field.optionalText,
  BUILD_CACHE_PATH: field.optionalText,
});

/** Parses `owner/name`; a repository that is none ends the step. */
export const requireRepository = (text: string): Parameters<typeof gitUrlOf>[1] => {
  const parsed = parseGitRepository(text);
  if (parsed.ok) return parsed.value;
  throw new StepFailure(parsed.error.message, { code: 'REPOSITORY_INVALID', exitCode: EXIT.invalidInput });
};

/** The compile step's HOME: build tools want a place that they can write to, and read their settings there. */
const writeHome = async (home: string, proxies: PackageProxies): Promise<void> => {
  await mkdir(home, { recursive: true });
  for (const { path, text } of renderProxyFiles(proxies)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
};

/** Leaves `<source>/app` (the working tree) and `<source>/compile.sh`. */
export const buildAppFetch = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  await using gitEnvironment = await openGitEnvironment(context.env, env.SSH_KEY_PATH);
  const git = createGit(gitEnvironment.variables, context.signal);
  const directory = join(env.SOURCE_PATH, 'app');
  await writeHome(join(env.SOURCE_PATH, 'home'), env.PACKAGE_PROXIES);
  const url = gitUrlOf(env.GIT_BASE_URL, requireRepository(env.REPOSITORY));
  await checkoutCommit(git, { url, repository: env.REPOSITORY, sha: env.REVISION, directory });
  const script = join(env.SOURCE_PATH, 'compile.sh');
  const text = renderCompileScript({
    build: env.BUILD,
    directory: join(directory, env.CONTEXT_DIR),
    cachePath: env.BUILD_CACHE_PATH,
    proxies: env.PACKAGE_PROXIES,
  });
  await writeFile(script, text);
  await chmod(script, 0o755);
  say(context, `${env.APP}: ${env.REPOSITORY} at ${env.REVISION}`);
};
