/** runExecPlugin: asks a kubeconfig's exec plugin for a credential (client.authentication.k8s.io). */

import { execFile } from 'node:child_process';
import { KubeUnreachableError } from '../kube-error.ts';
import type { ExecPlugin, KubeConfig } from './kube-config.ts';

/** What the plugin gave; at least one of token and certificate is set. */
export interface ExecCredential {
  readonly token?: string | undefined;
  readonly clientCertificatePem?: string | undefined;
  readonly clientKeyPem?: string | undefined;
  readonly expiresAtMs?: number | undefined;
}

interface ExecCredentialBody {
  readonly kind?: unknown;
  readonly status?: {
    readonly token?: unknown;
    readonly clientCertificateData?: unknown;
    readonly clientKeyData?: unknown;
    readonly expirationTimestamp?: unknown;
  } | null;
}

const PLUGIN_TIMEOUT_MS = 60_000;

/** Runs the plugin without a shell. Throws KubeUnreachableError that names the plugin and its install hint, never its output. */
export async function runExecPlugin(plugin: ExecPlugin, config: KubeConfig): Promise<ExecCredential> {
  const environment = Object.fromEntries(plugin.env.map(({ name, value }) => [name, value]));
  const info = JSON.stringify(execInfo(plugin, config));
  const output = await new Promise<string>((resolve, reject) => {
    const env = { ...process.env, ...environment, KUBERNETES_EXEC_INFO: info };
    const options = { env, timeout: PLUGIN_TIMEOUT_MS, maxBuffer: 1_048_576 };
    execFile(plugin.command, [...plugin.args], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(pluginFailure(plugin, error.code === 'ENOENT' ? 'was not found' : 'failed'));
    });
  });
  return parseExecCredential(plugin, output);
}

function execInfo(plugin: ExecPlugin, config: KubeConfig): object {
  const cluster = {
    server: config.server,
    'certificate-authority-data': encode(config.certificateAuthorityPem),
    'insecure-skip-tls-verify': config.insecureSkipTlsVerify,
    'tls-server-name': config.tlsServerName,
  };
  return {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo ? { cluster } : {}) },
  };
}

function encode(pem: string | undefined): string | undefined {
  return pem === undefined ? undefined : Buffer.from(pem).toString('base64');
}

function pluginFailure(plugin: ExecPlugin, what: string): KubeUnreachableError {
  const hint = plugin.installHint === undefined ? '' : `: ${plugin.installHint}`;
  return new KubeUnreachableError(`the credential plugin ${plugin.command} ${what}${hint}`);
}

/** Reads the answer without trusting it: the plugin is a foreign program. */
function parseExecCredential(plugin: ExecPlugin, output: string): ExecCredential {
  const status = readStatus(output);
  const token = textOf(status?.token);
  const clientCertificatePem = textOf(status?.clientCertificateData);
  if (token === undefined && clientCertificatePem === undefined) {
    throw pluginFailure(plugin, 'gave neither a token nor a certificate');
  }
  const expires = Date.parse(textOf(status?.expirationTimestamp) ?? '');
  return {
    token,
    clientCertificatePem,
    clientKeyPem: textOf(status?.clientKeyData),
    expiresAtMs: Number.isNaN(expires) ? undefined : expires,
  };
}

function readStatus(output: string): ExecCredentialBody['status'] {
  try {
    const body: ExecCredentialBody | null = JSON.parse(output);
    return body?.status;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
