/** CredentialSource: what to present on each request, kept fresh (token files are read again, exec plugins asked again). */

import { readFile } from 'node:fs/promises';
import { runExecPlugin, type ExecCredential } from './config/run-exec-plugin.ts';
import type { KubeConfig } from './config/kube-config.ts';

/** What one request presents; the certificate belongs to the connection, the rest to the request. */
export interface PresentedCredential {
  readonly authorization?: string | undefined;
  readonly clientCertificatePem?: string | undefined;
  readonly clientKeyPem?: string | undefined;
}

export interface CredentialSource {
  /** The credential to use now. */
  current(): Promise<PresentedCredential>;
  /** Forgets what is cached, after a 401; false when asking again could not give anything new. */
  invalidate(): boolean;
}

/** The kubelet renews a projected token at 80 % of its life, so one minute is always early enough. */
const TOKEN_FILE_LIFE_MS = 60_000;

interface Cached<T> {
  readonly value: T;
  readonly untilMs: number;
}

/** Gives `load`'s value again until it says it ends; callers at the same time share one load. */
class Refreshed<T> {
  readonly #load: () => Promise<Cached<T>>;
  #loading: Promise<Cached<T>> | undefined;

  constructor(load: () => Promise<Cached<T>>) {
    this.#load = load;
  }

  async get(): Promise<T> {
    const cached = await this.#loading;
    if (cached !== undefined && Date.now() < cached.untilMs) return cached.value;
    const loading = this.#load();
    this.#loading = loading;
    try {
      return (await loading).value;
    } catch (error) {
      this.clear();
      throw error;
    }
  }

  clear(): void {
    this.#loading = undefined;
  }
}

async function readTokenFile(path: string): Promise<Cached<PresentedCredential>> {
  const token = (await readFile(path, 'utf8')).trim();
  return { value: { authorization: `Bearer ${token}` }, untilMs: Date.now() + TOKEN_FILE_LIFE_MS };
}

function presentExec(credential: ExecCredential): Cached<PresentedCredential> {
  return {
    value: {
      authorization: credential.token === undefined ? undefined : `Bearer ${credential.token}`,
      clientCertificatePem: credential.clientCertificatePem,
      clientKeyPem: credential.clientKeyPem,
    },
    untilMs: credential.expiresAtMs ?? Number.POSITIVE_INFINITY,
  };
}

function staticAuthorization({ credentials }: KubeConfig): string | undefined {
  if (credentials.token !== undefined) return `Bearer ${credentials.token}`;
  if (credentials.basic === undefined) return undefined;
  const { username, password } = credentials.basic;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Chooses as client-go does: a token file wins over a token, and an exec plugin is asked only when neither is set. */
export function createCredentialSource(config: KubeConfig): CredentialSource {
  const { tokenFile, exec, clientCertificatePem, clientKeyPem } = config.credentials;
  const certificate = { clientCertificatePem, clientKeyPem };
  const authorization = staticAuthorization(config);
  const refreshed = createRefreshed(config, tokenFile, authorization === undefined ? exec : undefined);
  if (refreshed === undefined) {
    return { current: () => Promise.resolve({ authorization, ...certificate }), invalidate: () => false };
  }
  return {
    current: async () => mergeDefined(certificate, await refreshed.get()),
    invalidate: () => {
      refreshed.clear();
      return true;
    },
  };
}

function createRefreshed(
  config: KubeConfig,
  tokenFile: string | undefined,
  exec: KubeConfig['credentials']['exec'],
): Refreshed<PresentedCredential> | undefined {
  if (tokenFile !== undefined) return new Refreshed(() => readTokenFile(tokenFile));
  if (exec !== undefined) return new Refreshed(async () => presentExec(await runExecPlugin(exec, config)));
  return undefined;
}

function mergeDefined(base: PresentedCredential, over: PresentedCredential): PresentedCredential {
  return {
    authorization: over.authorization,
    clientCertificatePem: over.clientCertificatePem ?? base.clientCertificatePem,
    clientKeyPem: over.clientKeyPem ?? base.clientKeyPem,
  };
}
