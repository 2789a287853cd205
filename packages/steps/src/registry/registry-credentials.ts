/** User names and passwords of registries, from a Docker config.json. */
import { readFile } from 'node:fs/promises';
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

/** Reads `$DOCKER_CONFIG/config.json` or `$HOME/.docker/config.json`; no file means no credentials. */
export const loadRegistryCredentials = async (
  env: Readonly<Record<string, string | undefined>>,
): Promise<FindCredentials> => {
  const directory =
    env['DOCKER_CONFIG'] ?? (env['HOME'] === undefined ? undefined : join(env['HOME'], '.docker'));
  if (directory === undefined) return () => undefined;
  const text = await readFile(join(directory, 'config.json'), 'utf8').catch(() => undefined);
  return text === undefined ? () => undefined : parseDockerConfig(text);
};
