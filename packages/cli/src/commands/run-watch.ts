/** runWatch: follows a run live until it is done. */

import type { PipelineRun } from '@tekton-dag/model';
import type { CliHost } from '../cli-host.ts';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type Cluster, type ClusterOptions } from '../open-cluster.ts';
import { createLiveScreen } from '../render/live-screen.ts';
import { renderProgress, type ToldStates } from '../render/run-progress.ts';
import { renderRunTree } from '../render/run-tree.ts';
import { createStyle, wantsColor, type Style } from '../render/style.ts';
import { explainFailure } from '../run/explain-failure.ts';
import { getRun } from '../run/pipeline-runs.ts';
import { runStateOf } from '../run/run-state.ts';
import { createRunTree } from '../run/run-tree.ts';
import { watchRun, type RunSnapshot } from '../run/watch-run.ts';

/** Exit code 0 for a run that succeeded, 1 for one that did not. */
export async function runWatch(host: CliHost, name: string, options: ClusterOptions): Promise<number> {
  await using cluster = await openCluster(host, options);
  await getRun(cluster, name);
  return await followRun(host, cluster, name, options);
}

/** As `runWatch`, with a cluster that is open already. */
export async function followRun(
  host: CliHost,
  cluster: Cluster,
  name: string,
  options: ClusterOptions,
): Promise<number> {
  const style = createStyle(wantsColor(host.env, host.stdoutIsTerminal, options.color));
  using view = host.stdoutIsTerminal ? createTreeView(host, style) : createLineView(host);
  const last = await watchRun(cluster, name, {
    signal: host.signal,
    onChange: (snapshot) => view.show(snapshot),
    onError: (error, retryInMs) => host.stderr.write(`${String(error)}; again in ${retryInMs} ms\n`),
  });
  view.finish();
  if (host.signal.aborted) return EXIT.interrupted;
  if (last.run === undefined) throw new CliFailure(EXIT.runFailed, `the run ${name} was deleted`);
  return await conclude(host, cluster, last.run, last);
}

async function conclude(
  host: CliHost,
  cluster: Cluster,
  run: PipelineRun,
  { taskRuns }: RunSnapshot,
): Promise<number> {
  if (runStateOf(run.status?.conditions) === 'succeeded') return EXIT.ok;
  const lines = await explainFailure(cluster, run, taskRuns);
  host.stdout.write(`\n${lines.join('\n')}\n`);
  return EXIT.runFailed;
}

interface RunView extends Disposable {
  show(snapshot: RunSnapshot): void;
  finish(): void;
}

/** Redraws the tree, and the times in it twice a second. */
function createTreeView(host: CliHost, style: Style): RunView {
  const screen = createLiveScreen(host.stdout, host);
  let latest: RunSnapshot | undefined;
  const draw = (): void => {
    if (latest?.run === undefined) return;
    screen.draw(renderRunTree(createRunTree(latest.run, latest.taskRuns, Date.now()), style));
  };
  const timer = setInterval(draw, 500);
  return {
    show(snapshot) {
      latest = snapshot;
      draw();
    },
    finish: draw,
    [Symbol.dispose]() {
      clearInterval(timer);
    },
  };
}

/** Appends what is new. */
function createLineView(host: CliHost): RunView {
  let told: ToldStates = new Map();
  return {
    show({ run, taskRuns }) {
      if (run === undefined) return;
      const progress = renderProgress(createRunTree(run, taskRuns, Date.now()), told);
      told = progress.told;
      for (const line of progress.lines) host.stdout.write(`${line}\n`);
    },
    finish: () => undefined,
    [Symbol.dispose]: () => undefined,
  };
}
