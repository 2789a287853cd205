/** The environment that git runs in: no prompts, no hooks, no foreign config, known hosts only. */
import { copyFile, mkdtemp, readdir, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepFailure } from '../step-failure.ts';

const KEY_NAMES = ['id_ed25519', 'id_rsa'];
const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Variables that keep git quiet, safe and independent of the machine's settings. */
const safeGitVariables = (env: Readonly<Record<string, string | undefined>>): Record<string, string> => ({
  PATH: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  HOME: env['HOME'] ?? tmpdir(),
  LC_ALL: 'C.UTF-8',
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
  GIT_ADVICE: '0',
});

const sshCommand = (directory: string, key: string): string =>
  [
    'ssh -F /dev/null -o BatchMode=yes -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes',
    `-o UserKnownHostsFile=${quote(join(directory, 'known_hosts'))}`,
    `-i ${quote(join(directory, key))}`,
  ].join(' ');

/** ssh refuses keys that others may read, and secrets are mounted readable: so copy. */
const copyKey = async (source: string, directory: string): Promise<string> => {
  const files = await readdir(source);
  const key = KEY_NAMES.find((name) => files.includes(name));
  if (key === undefined || !files.includes('known_hosts')) {
    throw new StepFailure(
      `workspace ssh-key has ${files.filter((f) => !f.startsWith('.')).join(', ') || 'no files'}`,
      {
        code: 'SSH_KEY_INCOMPLETE',
        hint: 'the secret needs id_ed25519 or id_rsa, and known_hosts (ssh-keyscan of the forge, checked by you)',
      },
    );
  }
  for (const name of [key, 'known_hosts']) {
    await copyFile(join(source, name), join(directory, name));
    await chmod(join(directory, name), 0o600);
  }
  return key;
};

export interface GitEnvironment {
  readonly variables: Record<string, string>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Prepares the variables for git. `sshKeyPath` is the mounted secret, or empty for none; its key is
 * copied to a private directory that disposal removes.
 */
export const openGitEnvironment = async (
  env: Readonly<Record<string, string | undefined>>,
  sshKeyPath: string,
): Promise<GitEnvironment> => {
  const variables = safeGitVariables(env);
  if (sshKeyPath === '') return { variables, [Symbol.asyncDispose]: async () => {} };
  const directory = await mkdtemp(join(tmpdir(), 'ssh-'));
  const dispose = async (): Promise<void> => await rm(directory, { recursive: true, force: true });
  try {
    const key = await copyKey(sshKeyPath, directory);
    return {
      variables: { ...variables, GIT_SSH_COMMAND: sshCommand(directory, key) },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
};
