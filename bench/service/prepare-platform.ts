/** preparePlatform: a directory with the stacks and teams of the repository and secrets, and the settings that name them. */

import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface BenchPlatform extends AsyncDisposable {
  readonly directory: string;
  readonly webhookSecret: string;
  readonly apiToken: string;
  /** Of the orchestrator; the store is SQLite in `directory` until another URL is put in. */
  readonly env: Readonly<Record<string, string>>;
}

export async function preparePlatform(): Promise<BenchPlatform> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-bench-'));
  const webhookSecret = 'a secret that only this benchmark knows';
  const apiToken = 'a-token-that-only-this-benchmark-knows';
  await cp(join(ROOT, 'stacks'), join(directory, 'stacks'), { recursive: true });
  await cp(join(ROOT, 'teams'), join(directory, 'teams'), { recursive: true });
  await mkdir(join(directory, 'secrets'));
  await writeFile(join(directory, 'secrets/webhook'), webhookSecret);
  await writeFile(join(directory, 'secrets/token'), apiToken);
  const env = {
    TEKTON_DAG_LISTEN_PORT: '0',
    TEKTON_DAG_STORE_URL: `sqlite:${join(directory, 'store.sqlite')}`,
    TEKTON_DAG_PLATFORM_DIR: directory,
    TEKTON_DAG_WEBHOOK_SECRET_FILE: join(directory, 'secrets/webhook'),
    TEKTON_DAG_API_TOKEN_FILE: join(directory, 'secrets/token'),
    TEKTON_DAG_LOG_LEVEL: 'warn',
  };
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  return { directory, webhookSecret, apiToken, env, [Symbol.asyncDispose]: remove };
}
