/** `make demo`: a pull request tested inside the running stack, on this machine, with real everything. */

import { readdir, readlink, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import {
  bootstrapStack,
  mergePullRequest,
  testDroppingPullRequest,
  testGoodPullRequest,
  type Claim,
  type PullRequest,
} from './acts.ts';
import { renderEvidenceTable, type EvidenceRow } from './evidence-table.ts';
import { startStage, type Stage } from './start-stage.ts';

const checkout = resolve(fileURLToPath(import.meta.url), '../../..');
const keep = process.env['KEEP'] === '1';
const rows: EvidenceRow[] = [];
let lapStarted = Date.now();

/** Adds rows; the seconds since the last call belong to the first of them. */
function record(claims: readonly Claim[]): void {
  const seconds = (Date.now() - lapStarted) / 1000;
  lapStarted = Date.now();
  rows.push(...claims.map((claim, index) => ({ ...claim, seconds: index === 0 ? seconds : 0 })));
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const announce = (title: string): boolean => say(`\n${styleText('bold', `== ${title}`)}`);

async function openGoodPullRequest({ repositories }: Stage): Promise<PullRequest> {
  const app = 'demo-api';
  const title = 'demo-api: announce version 0.2.0';
  const branch = 'announce-0.2.0';
  const baseSha = await repositories.headOf(app);
  const headSha = await repositories.pushEdit({
    app,
    branch,
    file: 'app.py',
    message: title,
    change: (text) => text.replace('VERSION = "0.1.0"', 'VERSION = "0.2.0"'),
  });
  return { app, number: 42, title, branch, headSha, baseSha };
}

async function openDroppingPullRequest({ repositories }: Stage): Promise<PullRequest> {
  const app = 'release-lifecycle-demo';
  const title = 'release-lifecycle-demo: simplify the request (and lose the session header)';
  const branch = 'simplify-request';
  const baseSha = await repositories.headOf(app);
  const headSha = await repositories.pushEdit({
    app,
    branch,
    file: 'app.js',
    message: title,
    change: (text) =>
      text.replace('const headers = propagatedHeaders(request.headers, config);', 'const headers = {};'),
  });
  return { app, number: 43, title, branch, headSha, baseSha };
}

async function play(stage: Stage): Promise<void> {
  announce('Bootstrap stack-one: demo-fe -> release-lifecycle-demo -> demo-api');
  record(await bootstrapStack(stage));
  const good = await openGoodPullRequest(stage);
  announce(`Pull request 42 of acme/demo-api, ${good.headSha.slice(0, 7)}: a signed webhook, then the run`);
  record(await testGoodPullRequest(stage, good));
  announce('Merge pull request 42');
  record(await mergePullRequest(stage, good));
  announce('Pull request 43 of acme/release-lifecycle-demo drops the session header: its run must fail');
  const edge = { caller: 'release-lifecycle-demo', callee: 'demo-api' };
  record(await testDroppingPullRequest(stage, await openDroppingPullRequest(stage), edge));
}

/** Processes whose working directory lies in the demo's; read from /proc, so Linux alone can tell. */
async function findProcessesIn(root: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const directories = await Promise.all(
    pids.map(async (pid) => ({ pid, cwd: await readlink(`/proc/${pid}/cwd`).catch(() => '') })),
  );
  return directories.filter(({ cwd }) => cwd.startsWith(root)).map(({ pid }) => pid);
}

function showHowToGoOn(stage: Stage): void {
  announce('Left up (KEEP=1)');
  say(`export KUBECONFIG=${stage.kubeconfigPath}`);
  say(`orchestrator  ${stage.orchestratorUrl}  (bearer token in ${stage.apiTokenFile})`);
  say(`registry      http://${stage.registryHost}`);
  say(`end it with   kill ${stage.orchestratorPid}; tekton-dag local down --state-dir ${stage.stateDir}`);
}

async function runDemo(signal: AbortSignal, cleanups: AsyncDisposableStack): Promise<void> {
  const onReady = (step: string, evidence: string): void => {
    say(`${step}: ${evidence}`);
    record([{ step, ok: true, evidence }]);
  };
  announce('Set up');
  const stage = await startStage({ checkout, signal, cleanups, onReady });
  await play(stage);
  if (keep) {
    showHowToGoOn(stage);
    stage.release();
    cleanups.move();
    return;
  }
  await cleanups.disposeAsync();
  const left = await findProcessesIn(stage.root);
  const evidence = left.length === 0 ? 'no process and no file is left' : `left: ${left.join(', ')}`;
  record([{ step: 'end', ok: left.length === 0, evidence }]);
}

/** The rows for programs, as JSON lines. */
async function writeReport(file: string | undefined): Promise<void> {
  if (file !== undefined) await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/** 0 only if every line is as it should be. */
async function main(): Promise<number> {
  const interrupted = new AbortController();
  // A second signal changes nothing: the end is bounded, and what was started must not outlive it.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
  const cleanups = new AsyncDisposableStack();
  try {
    const aborted = new Promise<never>((_resolve, reject) => {
      interrupted.signal.addEventListener('abort', () => reject(new Error('interrupted')));
    });
    await Promise.race([runDemo(interrupted.signal, cleanups), aborted]);
  } catch (error) {
    if (!interrupted.signal.aborted) {
      record([{ step: 'demo', ok: false, evidence: error instanceof Error ? error.message : String(error) }]);
    }
    say(interrupted.signal.aborted ? '\nInterrupted; ending what was started.' : '');
    await cleanups.disposeAsync();
  }
  say(`\n${renderEvidenceTable(rows)}`);
  await writeReport(process.env['DEMO_REPORT']);
  if (interrupted.signal.aborted) return 130;
  return rows.every((row) => row.ok) ? 0 : 1;
}

process.exitCode = await main();
