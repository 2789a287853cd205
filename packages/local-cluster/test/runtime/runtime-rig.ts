/** A container runtime over a temporary state directory, and a short way to run one container. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log, Paths } from '../../src/contracts/cluster-context.ts';
import type {
  ContainerExit,
  ContainerRuntime,
  ContainerSpec,
} from '../../src/contracts/container-runtime.ts';
import { createContainerRuntime, type ContainerRuntimeOptions } from '../../src/runtime/container-runtime.ts';

const quietLog: Log = { info() {}, warn() {}, error() {} };

export interface RuntimeRig extends AsyncDisposable {
  readonly runtime: ContainerRuntime;
  readonly paths: Paths;
  spec(change: Partial<ContainerSpec> & Pick<ContainerSpec, 'image'>): ContainerSpec;
  /** Runs a container to its end and gives its exit and the text of its log lines. */
  run(
    change: Partial<ContainerSpec> & Pick<ContainerSpec, 'image'>,
  ): Promise<ContainerExit & { output: string }>;
  log(): string;
}

/** Paths below one directory, as the architecture lays them out. */
export function statePaths(state: string): Paths {
  return {
    state,
    containerLog: (podUid, container) => join(state, 'logs', podUid, `${container}.log`),
    volume(podUid, volume) {
      const path = join(state, 'volumes', podUid, volume);
      mkdirSync(path, { recursive: true });
      return path;
    },
  };
}

export function createRuntimeRig(options: Partial<ContainerRuntimeOptions> = {}): RuntimeRig {
  const state = options.paths?.state ?? mkdtempSync(join(tmpdir(), 'runtime-'));
  const paths = statePaths(state);
  const runtime = createContainerRuntime({
    paths,
    selfCommand: [process.execPath, '-e', 'console.log("self", process.argv.slice(1).join(" "))', '--'],
    registryHost: '127.0.0.1:1',
    hostPath: process.env['PATH'] ?? '',
    log: quietLog,
    ...options,
  });
  const logPath = paths.containerLog('uid-1', 'main');
  const spec: RuntimeRig['spec'] = (change) => ({
    podUid: 'uid-1',
    namespace: 'default',
    podName: 'pod-1',
    container: 'main',
    env: {},
    mounts: [],
    logPath,
    ...change,
  });
  const log = (): string => readFileSync(logPath, 'utf8');
  return {
    runtime,
    paths,
    spec,
    log,
    async run(change) {
      const started = await runtime.start(spec(change));
      if (!started.ok) throw new Error(`${started.error.reason}: ${started.error.message}`);
      const exit = await started.value.exited;
      return { ...exit, output: textOf(log()) };
    },
    async [Symbol.asyncDispose]() {
      await runtime.close();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

/** The text of CRI log lines without time, stream and tag. */
export function textOf(log: string): string {
  return log.replaceAll(/^\S+ (?:stdout|stderr) (?:F|P) /gm, '');
}
