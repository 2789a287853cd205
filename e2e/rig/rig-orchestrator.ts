/** The rig's orchestrator: a real process that can be killed and started again on the same store. */

import { pullRequestPayload, signDelivery, type PullRequestFields } from '@tekton-dag/orchestrator/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess } from '../demo/child-process.ts';
import { waitOrStop } from './rig-cluster.ts';

export interface RigOrchestrator {
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** Sends a signed pull_request delivery; the answer's status and body. */
  deliver(
    fields: PullRequestFields,
    id?: string,
  ): Promise<{ readonly status: number; readonly body: string }>;
  /** Reads a stream of the API until its text matches; the text so far. */
  readStream(path: string, until: RegExp): Promise<string>;
}

export interface RigOrchestratorOptions {
  readonly root: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly kubeconfigPath: string;
  readonly platformDir: string;
  readonly teamsDir: string;
}

const SECRET = 'a secret of the tests, long enough';

async function settingsOf({ root, platformDir, teamsDir }: RigOrchestratorOptions) {
  const secretFile = join(root, 'webhook-secret');
  await writeFile(secretFile, SECRET, { mode: 0o600 });
  return {
    TEKTON_DAG_LISTEN_PORT: '0',
    TEKTON_DAG_STORE_URL: `sqlite:${join(root, 'orchestrator.sqlite')}`,
    TEKTON_DAG_PLATFORM_DIR: platformDir,
    TEKTON_DAG_TEAMS_DIR: teamsDir,
    TEKTON_DAG_WEBHOOK_SECRET_FILE: secretFile,
    TEKTON_DAG_API_TOKEN_FILE: secretFile,
  };
}

async function send(url: string, fields: PullRequestFields, id: string | undefined) {
  const options = id === undefined ? { secret: SECRET } : { secret: SECRET, id };
  const { headers, body } = signDelivery(pullRequestPayload(fields), options);
  const answer = await fetch(`${url}/webhook/github`, { method: 'POST', headers, body });
  return { status: answer.status, body: await answer.text() };
}

async function readStream(url: string, until: RegExp): Promise<string> {
  const stop = new AbortController();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${SECRET}` }, signal: stop.signal });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (until.test(text)) break;
  }
  stop.abort();
  return text;
}

/** Starts it and waits until it listens. */
export async function startRigOrchestrator(options: RigOrchestratorOptions): Promise<RigOrchestrator> {
  const { root, command, env, kubeconfigPath } = options;
  const settings = await settingsOf(options);
  let started = 0;
  const start = async () => {
    started += 1;
    const process = startProcess({
      command: [...command, 'serve', '--kubeconfig', kubeconfigPath],
      env: { ...env, ...settings },
      logFile: join(root, `orchestrator-${started}.log`),
    });
    const [, url = ''] = await waitOrStop(process, /listens on (http:\/\/[^\s]+?)\.?$/m);
    return { process, url };
  };
  let running = await start();
  return {
    async kill() {
      process.kill(running.process.pid ?? 0, 'SIGKILL');
      await running.process.stop();
    },
    async restart() {
      running = await start();
    },
    stop: () => running.process.stop(),
    deliver: (fields, id) => send(running.url, fields, id),
    readStream: (path, until) => readStream(`${running.url}${path}`, until),
  };
}
