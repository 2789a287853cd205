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

/** `$DOCKER_CONFIG/config.json`, else `$HOME/.docker/config.json`: the first that exists. */
export const findDockerConfig = async (
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> => {
  const { DOCKER_CONFIG: own, HOME: home } = env;
  const directories = [own, home === undefined ? undefined : join(home, '.docker')];
  for (const directory of directories) {
    if (directory === undefined || directory === '') continue;
    const file = join(directory, 'config.json');
    if (await isReadable(file)) return file;
  }
  return undefined;
};

/** Reads the file that findDockerConfig finds; no file means no credentials. */
export const loadRegistryCredentials = async (
  env: Readonly<Record<string, string | undefined>>,
): Promise<FindCredentials> => {
  const file = await findDockerConfig(env);
  return file === undefined ? () => undefined : parseDockerConfig(await readFile(file, 'utf8'));
};
