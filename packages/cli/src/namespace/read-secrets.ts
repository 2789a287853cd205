/** readSecrets: the secrets of a namespace of runs, from the files that hold them. */

import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { readText } from '../read-input-file.ts';
import { SECRET } from './plan-secret.ts';
import { privateKeyName } from './private-key-name.ts';

export interface SecretFiles {
  readonly sshKey?: string;
  readonly knownHosts?: string;
  readonly githubToken?: string;
  readonly webhookSecret?: string;
}

/** The shortest webhook secret that the orchestrator takes. */
const MIN_SECRET_CHARACTERS = 16;

/** Secret name to its keys; only those that were asked for. CliFailure names the flag and never a content. */
export async function readSecrets(
  host: CliHost,
  files: SecretFiles,
): Promise<Record<string, Record<string, string>>> {
  const { githubToken, webhookSecret } = files;
  return {
    ...(await readSshKey(host, files)),
    ...(githubToken === undefined
      ? {}
      : { [SECRET.githubToken]: { token: await readSecretFile(host, '--github-token', githubToken) } }),
    ...(webhookSecret === undefined
      ? {}
      : { [SECRET.webhookSecret]: { secret: await readWebhookSecret(host, webhookSecret) } }),
  };
}

/** The webhook secret of a file, without the line end that editors add. */
export async function readWebhookSecret(host: CliHost, file: string): Promise<string> {
  const secret = await readSecretFile(host, '--webhook-secret', file);
  if (secret.length >= MIN_SECRET_CHARACTERS) return secret;
  throw new CliFailure(
    EXIT.invalidInput,
    `--webhook-secret ${file}: a secret of ${secret.length} characters can be guessed`,
    'make one with `openssl rand -hex 32`',
  );
}

async function readSshKey(
  host: CliHost,
  { sshKey, knownHosts }: SecretFiles,
): Promise<Record<string, Record<string, string>>> {
  if (sshKey === undefined && knownHosts === undefined) return {};
  if (sshKey === undefined || knownHosts === undefined) {
    throw new CliFailure(
      EXIT.usage,
      '--ssh-key and --known-hosts go together: a host key that nobody checked proves nothing',
      "take known_hosts from `ssh-keyscan github.com`, and compare it with the forge's published fingerprints",
    );
  }
  const key = await readText(host, sshKey);
  const name = privateKeyName(key);
  if (!name.ok) {
    const hint = 'make one for the runs with `ssh-keygen -t ed25519 -N "" -f id_ed25519`';
    throw new CliFailure(EXIT.invalidInput, `--ssh-key ${sshKey} ${name.error}`, hint);
  }
  return { [SECRET.sshKey]: { [name.value]: key, known_hosts: await readText(host, knownHosts) } };
}

async function readSecretFile(host: CliHost, flag: string, file: string): Promise<string> {
  const secret = (await readText(host, file)).trim();
  if (secret !== '') return secret;
  throw new CliFailure(EXIT.invalidInput, `${flag} ${file}: the file is empty`);
}
