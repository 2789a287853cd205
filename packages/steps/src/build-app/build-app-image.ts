/** Step build-app-image: one app's image, built and pushed. */
import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { packageProxiesSchema, registryMirrorsSchema } from '@tekton-dag/model';
import { z } from 'zod';
import { field } from '../field.ts';
import type { BaseImage } from '../image/base-image.ts';
import { buildWithBuildah, hasBuildah } from '../image/build-with-buildah.ts';
import { findBaseImage } from '../image/find-base-image.ts';
import { imageFailure } from '../image/image-failure.ts';
import { pushImage } from '../image/push-image.ts';
import { readDockerfile, type ReadDockerfile } from '../image/read-dockerfile.ts';
import { parseEnv } from '../parse-env.ts';
import { listInsecure } from '../registry/is-plain-http.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { say } from '../say.ts';
import type { StepContext } from '../step-context.ts';
import { StepFailure } from '../step-failure.ts';

const envSchema = z.object({
  APP: field.dnsLabel,
  REPOSITORY: field.text,
  REVISION: field.commit,
  CONTEXT_DIR: field.repositoryPath,
  DOCKERFILE: field.repositoryPath,
  IMAGE: field.text,
  TAGS: field.json(z.array(z.string().regex(/^\w[\w.-]{0,127}$/)).min(1)),
  CONTENT_KEY: field.text,
  SOURCE_PATH: field.text,
  IMAGE_URL_RESULT: field.text,
  IMAGE_DIGEST_RESULT: field.text,
  INSECURE_REGISTRIES: field.optionalText,
  REGISTRY_MIRRORS: field.json(registryMirrorsSchema).default({}),
  PACKAGE_PROXIES: field.json(packageProxiesSchema).default({}),
  CACHE_REPO: field.optionalText,
  TEKTON_DAG_HOST_TOOLCHAIN: field.optionalText,
});
type ImageEnv = z.infer<typeof envSchema>;

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const architecture = ARCHITECTURES[process.arch] ?? process.arch;

const annotationsOf = (
  env: ImageEnv,
  base: { name: string; digest: string | undefined },
): Record<string, string> => ({
  'org.opencontainers.image.title': env.APP,
  'org.opencontainers.image.source': env.REPOSITORY,
  'org.opencontainers.image.revision': env.REVISION,
  'tekton-dag.io/content-key': env.CONTENT_KEY,
  ...(base.name === 'scratch' ? {} : { 'org.opencontainers.image.base.name': base.name }),
  ...(base.digest === undefined ? {} : { 'org.opencontainers.image.base.digest': base.digest }),
});

/** The pull request's code may have put links there; the build must not leave its checkout. */
const insideOf = async (root: string, path: string, what: string): Promise<string> => {
  const [realRoot, real] = await Promise.all([
    realpath(root),
    realpath(join(root, path)).catch(() => {
      throw new StepFailure(`${what} ${path} does not exist`, {
        code: 'IMAGE_INPUT_MISSING',
        hint: 'mend the app in the stack file',
      });
    }),
  ]);
  if (real === realRoot || real.startsWith(realRoot + sep)) return real;
  throw new StepFailure(`${what} ${path} points out of the repository`, { code: 'IMAGE_INPUT_OUTSIDE' });
};

const openBase = async (
  context: StepContext,
  env: ImageEnv,
  name: string,
): Promise<BaseImage | undefined> => {
  // On a laptop base images cannot be had; the host's own programs run the app.
  if (name === 'scratch' || env.TEKTON_DAG_HOST_TOOLCHAIN !== '') return undefined;
  return await findBaseImage(context, { name, mirrors: env.REGISTRY_MIRRORS, architecture });
};

const build = async (
  context: StepContext,
  env: ImageEnv,
  { dockerfile, contextDirectory }: { dockerfile: ReadDockerfile; contextDirectory: string },
): Promise<string> => {
  const base = await openBase(context, env, dockerfile.base);
  return await pushImage({
    dockerfile,
    dockerfileName: env.DOCKERFILE,
    contextDirectory,
    target: await openRegistry(context, env.IMAGE),
    base,
    architecture,
    tags: env.TAGS,
    annotations: annotationsOf(env, { name: dockerfile.base, digest: base?.digest }),
  });
};

const buildHard = async (context: StepContext, env: ImageEnv, contextDirectory: string): Promise<string> => {
  const { client, repository, registry, plainHttp } = await openRegistry(context, env.IMAGE);
  const [first = '', ...others] = env.TAGS;
  const digest = await buildWithBuildah({
    contextDirectory,
    dockerfilePath: join(contextDirectory, env.DOCKERFILE),
    target: `${env.IMAGE}:${first}`,
    annotations: annotationsOf(env, { name: 'scratch', digest: undefined }),
    cacheRepository: env.CACHE_REPO,
    registries: {
      mirrors: env.REGISTRY_MIRRORS,
      insecure: [...listInsecure(env.INSECURE_REGISTRIES), ...(plainHttp ? [registry] : [])],
    },
    proxies: env.PACKAGE_PROXIES,
    env: context.env,
    scratchParent: env.SOURCE_PATH,
    signal: context.signal,
    onLine: (line) => say(context, line),
  });
  const stored = await client.getManifest(repository, digest);
  if (stored === undefined)
    throw new StepFailure(`${env.IMAGE}@${digest} was pushed and is not there`, { code: 'IMAGE_LOST' });
  await client.tag(repository, stored, others);
  return digest;
};

/** Writes the results IMAGE_URL (with tag) and IMAGE_DIGEST. */
export const buildAppImage = async (context: StepContext): Promise<void> => {
  const env = parseEnv(envSchema, context.env);
  const contextDirectory = await insideOf(join(env.SOURCE_PATH, 'app'), env.CONTEXT_DIR, 'context-dir');
  const text = await readFile(await insideOf(contextDirectory, env.DOCKERFILE, 'Dockerfile'), 'utf8');
  const dockerfile = readDockerfile(text);
  let digest: string;
  if (dockerfile.ok) {
    digest = await build(context, env, { dockerfile: dockerfile.value, contextDirectory });
  } else if (
    dockerfile.error.every(({ reason }) => reason === 'needs-buildah') &&
    (await hasBuildah(context.env))
  ) {
    digest = await buildHard(context, env, contextDirectory);
  } else {
    throw imageFailure(env.DOCKERFILE, dockerfile.error);
  }
  await writeFile(env.IMAGE_URL_RESULT, `${env.IMAGE}:${env.TAGS[0] ?? ''}`);
  await writeFile(env.IMAGE_DIGEST_RESULT, digest);
  say(context, `${env.APP}: ${env.IMAGE}@${digest}`);
};
