/** resolveKubeConfig: picks one context out of kubeconfig files and reads the certificates that it names. */

import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '../result.ts';
import { isFields, textField, type Fields, type KubeConfigFile } from './kube-config-file.ts';
import type { Credentials, ExecPlugin, KubeConfig, KubeConfigFailure } from './kube-config.ts';

/** Resolves `contextName`, or the current context; fails with what is missing and in which file. */
export async function resolveKubeConfig(
  file: KubeConfigFile,
  contextName: string | undefined,
): Promise<Result<KubeConfig, KubeConfigFailure>> {
  const entries = findEntries(file, contextName);
  if (!entries.ok) return entries;
  try {
    return ok(await readEntries(file, entries.value));
  } catch (error) {
    return err({ reason: 'unreadable', message: `${file.source}: ${String(error)}` });
  }
}

/** What one context names. */
interface ContextEntries {
  readonly name: string;
  readonly context: Fields;
  readonly cluster: Fields;
  readonly server: string;
  readonly user: Fields;
}

function findEntries(
  file: KubeConfigFile,
  contextName: string | undefined,
): Result<ContextEntries, KubeConfigFailure> {
  const name = contextName ?? file.currentContext;
  const context = name === undefined ? undefined : file.contexts.get(name);
  if (name === undefined || context === undefined) return err(missingContext(file, name));
  const cluster = file.clusters.get(textField(context, 'cluster') ?? '') ?? {};
  const server = textField(cluster, 'server');
  if (server === undefined || !URL.canParse(server)) {
    return err({ reason: 'no-cluster', message: `${file.source}: context ${name} names no usable cluster` });
  }
  const user = findUser(file, textField(context, 'user'));
  return user.ok ? ok({ name, context, cluster, server, user: user.value }) : user;
}

/** A context without a user is anonymous. */
function findUser(file: KubeConfigFile, name: string | undefined): Result<Fields, KubeConfigFailure> {
  const user = name === undefined ? {} : file.users.get(name);
  if (user !== undefined) return ok(user);
  return err({ reason: 'no-user', message: `${file.source}: there is no user ${name}` });
}

async function readEntries(
  file: KubeConfigFile,
  { name, context, cluster, server, user }: ContextEntries,
): Promise<KubeConfig> {
  return {
    server: server.replace(/\/+$/, ''),
    namespace: textField(context, 'namespace') ?? 'default',
    contextName: name,
    certificateAuthorityPem: await readPem(cluster, 'certificate-authority'),
    insecureSkipTlsVerify: cluster['insecure-skip-tls-verify'] === true,
    tlsServerName: textField(cluster, 'tls-server-name'),
    credentials: await readCredentials(user),
    source: file.source,
  };
}

function missingContext(file: KubeConfigFile, name: string | undefined): KubeConfigFailure {
  const known = [...file.contexts.keys()].join(', ');
  const what = name === undefined ? 'no current context is set' : `there is no context ${name}`;
  return { reason: 'no-context', message: `${file.source}: ${what} (contexts: ${known || 'none'})` };
}

/** `<name>-data` holds base64 and wins over `<name>`, a path. */
async function readPem(fields: Fields, name: string): Promise<string | undefined> {
  const data = textField(fields, `${name}-data`);
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  const path = textField(fields, name);
  return path === undefined ? undefined : readFile(path, 'utf8');
}

async function readCredentials(user: Fields): Promise<Credentials> {
  const username = textField(user, 'username');
  const exec = user['exec'];
  return {
    token: textField(user, 'token'),
    tokenFile: textField(user, 'tokenFile'),
    clientCertificatePem: await readPem(user, 'client-certificate'),
    clientKeyPem: await readPem(user, 'client-key'),
    basic: username === undefined ? undefined : { username, password: textField(user, 'password') ?? '' },
    exec: isFields(exec) ? readExecPlugin(exec) : undefined,
  };
}

function readExecPlugin(exec: Fields): ExecPlugin | undefined {
  const command = textField(exec, 'command');
  if (command === undefined) return undefined;
  const args: unknown[] = Array.isArray(exec['args']) ? exec['args'] : [];
  const env: unknown[] = Array.isArray(exec['env']) ? exec['env'] : [];
  return {
    apiVersion: textField(exec, 'apiVersion') ?? 'client.authentication.k8s.io/v1',
    command,
    args: args.map(String),
    env: env.filter(isFields).map((entry) => ({
      name: textField(entry, 'name') ?? '',
      value: textField(entry, 'value') ?? '',
    })),
    installHint: textField(exec, 'installHint'),
    provideClusterInfo: exec['provideClusterInfo'] === true,
  };
}
