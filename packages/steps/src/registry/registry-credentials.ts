/** User names and passwords of registries, from a Docker config.json. */
import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const dockerConfigSchema = z.looseObject({
  auths: z
    .record(
      z.string(),
      z.looseObject({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
      }),
    )
    .default({}),
});

const isReadable = async (file: string): Promise<boolean> =>
  await access(file, constants.R_OK).then(
    () => true,
    () => false,
  );

/** Base64 of `user:password` for a registry host, or undefined. */
export type FindCredentials = (registry: string) => string | undefined;

const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

/** Finds credentials in the text of a config.json. Docker Hub's key is its old index address. */
export const parseDockerConfig = (text: string): FindCredentials => {
  const { auths } = dockerConfigSchema.parse(JSON.parse(text));
  const byHost = new Map<string, string>();
  for (const [key, { auth, username, password }] of Object.entries(auths)) {
    const host = hostOf(key) === 'index.docker.io' ? 'registry-1.docker.io' : hostOf(key);
    const value = auth ?? Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
    if (value !== '') byHost.set(host, value);
  }
  return (registry) => byHost.get(registry);
};

/** `.dockerconfigjson` is the key of a Secret that `kubectl create secret docker-registry` makes. */
const FILE_NAMES = ['config.json', '.dockerconfigjson'];

/**
 * The first that exists of the workspace's directory `$REGISTRY_CREDENTIALS_PATH`, `$DOCKER_CONFIG` and `$HOME/.docker`.
 */
export const findDockerConfig = async (
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> => {
  const { REGISTRY_CREDENTIALS_PATH: workspace, DOCKER_CONFIG: own, HOME: home } = env;
  const directories = [workspace, own, home === undefined ? undefined : join(home, '.docker')];
  const files = directories.flatMap((directory) =>
    directory === undefined || directory === '' ? [] : FILE_NAMES.map((name) => join(directory, name)),
  );
  for (const file of files) if (await isReadable(file)) return file;
  return undefined;
};

/** Reads the file that findDockerConfig finds; no file means no credentials. */
export const loadRegistryCredentials = async (
  env: Readonly<Record<string, string | undefined>>,
): Promise<FindCredentials> => {
  const file = await findDockerConfig(env);
  return file === undefined ? () => undefined : parseDockerConfig(await readFile(file, 'utf8'));
};
