/** Fetching over SSH with a key of the workspace, from a real sshd on loopback. Skipped where no sshd is installed. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempForge, runStepForTest, type TempForge } from '../src/testing/index.ts';

const execute = promisify(execFile);
const SSHD = process.env['SSHD'] ?? '/usr/sbin/sshd';
const INTERVAL_MS = 50;
/** Somebody else may take a free port before sshd does. */
const PORTS = 5;

let directory: string;
let forge: TempForge;
let server: ChildProcess;
let port: number;
let sha: string;

const findFreePort = async (): Promise<number> => {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
};

const makeKey = async (name: string): Promise<void> => {
  await execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, name)]);
};

/** Resolves when sshd answers on the port, or with what it said when it has ended. */
const tryServer = async (): Promise<string | undefined> => {
  await writeFile(
    join(directory, 'sshd_config'),
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${join(directory, 'host')}`,
      `AuthorizedKeysFile ${join(directory, 'user.pub')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'PidFile none',
    ].join('\n'),
  );
  server = spawn(SSHD, ['-D', '-e', '-f', join(directory, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr?.on('data', (chunk) => (said += String(chunk)));
  while (server.exitCode === null) {
    const scan = await execute('ssh-keyscan', ['-p', String(port), '127.0.0.1']).catch(() => undefined);
    if (scan?.stdout.includes('ssh-ed25519') === true) return undefined;
    await delay(INTERVAL_MS);
  }
  return said;
};

const startServer = async (): Promise<void> => {
  let said: string | undefined;
  for (let tried = 0; tried < PORTS; tried += 1) {
    port = await findFreePort();
    said = await tryServer();
    if (said === undefined) return;
  }
  throw new Error(`sshd does not start: ${said}`);
};

/** The mounted secret: a key, and the host key that is trusted. */
const makeSecret = async (key: string, trusted: string): Promise<string> => {
  const secret = await mkdtemp(join(directory, 'secret-'));
  await copyFile(join(directory, key), join(secret, 'id_ed25519'));
  const [type = '', text = ''] = (await readFile(join(directory, `${trusted}.pub`), 'utf8')).split(' ');
  await writeFile(join(secret, 'known_hosts'), `[127.0.0.1]:${port} ${type} ${text}\n`);
  return secret;
};

const fetchApp = async (sshKeyPath: string) => {
  const source = await mkdtemp(join(directory, 'source-'));
  const run = await runStepForTest('build-app-fetch', {
    env: {
      APP: 'web',
      REPOSITORY: 'acme/web',
      REVISION: sha,
      GIT_BASE_URL: `ssh://${userInfo().username}@127.0.0.1:${port}${join(forge.directory, 'bare')}`,
      CONTEXT_DIR: '.',
      BUILD: JSON.stringify({ tool: 'none', runtime: 'custom', env: {} }),
      SOURCE_PATH: source,
      SSH_KEY_PATH: sshKeyPath,
    },
  });
  return { ...run, source };
};

describe.skipIf(!existsSync(SSHD))('fetching over SSH', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'git-ssh-'));
    forge = await createTempForge();
    sha = await forge.push('acme/web', { 'a.txt': 'over ssh' });
    for (const name of ['host', 'other-host', 'user', 'stranger']) await makeKey(name);
    // sshd wants it when it runs as root.
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
    await startServer();
  });
  afterAll(async () => {
    server.kill();
    await rm(directory, { recursive: true, force: true });
    await forge[Symbol.asyncDispose]();
  });

  it('uses the key and the known host of the secret', async () => {
    const run = await fetchApp(await makeSecret('user', 'host'));
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(join(run.source, 'app', 'a.txt'), 'utf8')).toBe('over ssh');
  });

  it('refuses a host that has another key than the known one', async () => {
    const run = await fetchApp(await makeSecret('user', 'other-host'));
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('error[GIT_FETCH_FAILED]');
    expect(run.stderr).toMatch(/host key verification failed|host identification has changed/i);
  });

  it('says so when the host does not accept the key', async () => {
    const run = await fetchApp(await makeSecret('stranger', 'host'));
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/error\[GIT_FETCH_FAILED\].*Permission denied/);
    expect(run.stderr).toContain('ssh-key workspace');
  });
});
