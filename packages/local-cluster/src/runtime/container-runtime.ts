/** Runs containers as process groups of the host, in a bubblewrap sandbox where that program exists. */

import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import type { Log, Paths } from '../contracts/cluster-context.ts';
import type {
  ContainerRuntime,
  ContainerSpec,
  RunningContainer,
  StartFailure,
} from '../contracts/container-runtime.ts';
import { canSandbox, renderSandboxArguments } from './bubblewrap.ts';
import { resolveContainerImage, type ContainerImage } from './container-image.ts';
import { openCriLog } from './cri-log.ts';
import { createImageStore } from './image-store.ts';
import { packageRootOf } from './package-root.ts';
import { planCommand, type CommandPlan } from './plan-command.ts';
import { CONTAINER_ID_VARIABLE, createProcessRecords, type ProcessRecords } from './process-records.ts';
import { listProcessGroup } from './proc-stat.ts';
import { signalGroup, startProcessGroup, type ProcessGroup } from './process-group.ts';
import { findProgram, missingProgramMessage } from './program-path.ts';

export interface ContainerRuntimeOptions {
  readonly paths: Paths;
  /** How to run this program, absolute paths first, e.g. `['/usr/bin/node', '/opt/tekton-dag/main.ts']`. */
  readonly selfCommand: readonly string[];
  /** host:port of the local registry; images of it are unpacked. */
  readonly registryHost: string;
  /** The PATH in which the host's tools are found and which containers get. */
  readonly hostPath: string;
  /** Variables that the host's tools get besides those of the container; see `toolSettings`. */
  readonly toolSettings?: Readonly<Record<string, string>>;
  /** Where this program keeps its compiled code between processes; only its own images get it. */
  readonly compileCache?: string;
  readonly log: Log;
  /** Bytes of output kept per container start; default 64 MiB. */
  readonly maxLogBytes?: number;
  /** Host paths that a sandbox shows besides the system, e.g. where local Git repositories lie. */
  readonly visiblePaths?: readonly string[];
}

const DEFAULT_MAX_LOG_BYTES = 64 * 1024 * 1024;
/** Those of `toolSettings` that name directories to write to. */
const CACHE_SETTINGS = ['NPM_CONFIG_CACHE', 'npm_config_cache', 'PIP_CACHE_DIR'] as const;
const makeDirectory = (path: string): string => {
  mkdirSync(path, { recursive: true });
  return path;
};
const CLOSE_GRACE_MS = 2_000;

/** One runtime per state directory. Call `recover` before the first `start` and `close` at the end. */
export function createContainerRuntime(options: ContainerRuntimeOptions): ContainerRuntime {
  return new HostRuntime(options);
}

interface PrivateDirectories {
  readonly home: string;
  readonly temporary: string;
}

class HostRuntime implements ContainerRuntime {
  readonly sandboxed: boolean;
  readonly #options: ContainerRuntimeOptions;
  readonly #bubblewrap: string | undefined;
  readonly #setpriv: string | undefined;
  readonly #images;
  readonly #records: ProcessRecords;
  readonly #running = new Set<ProcessGroup>();
  #closed = false;

  constructor(options: ContainerRuntimeOptions) {
    this.#options = options;
    const bubblewrap = findProgram('bwrap', options.hostPath, '/');
    this.#bubblewrap = bubblewrap !== undefined && canSandbox(bubblewrap) ? bubblewrap : undefined;
    this.#setpriv = findProgram('setpriv', options.hostPath, '/');
    this.sandboxed = this.#bubblewrap !== undefined;
    this.#images = createImageStore(join(options.paths.state, 'images'), options.registryHost);
    this.#records = createProcessRecords(join(options.paths.state, 'processes'));
  }

  pathOf(mount: { readonly hostPath: string; readonly path: string }): string {
    return this.sandboxed ? mount.path : mount.hostPath;
  }

  async start(spec: ContainerSpec): Promise<Result<RunningContainer, StartFailure>> {
    const image = await resolveContainerImage(spec.image, this.#options.registryHost, this.#images);
    if (!image.ok) return image;
    if (this.#closed) return err({ reason: 'CreateContainerError', message: 'the cluster is stopping' });
    try {
      return await this.#startImage(spec, image.value);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return err({ reason: 'CreateContainerError', message });
    }
  }

  async recover(): Promise<void> {
    const ended = await this.#records.endLeftovers();
    if (ended.length > 0)
      this.#options.log.warn({ pids: ended }, 'ended processes that a killed cluster left behind');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running].map((group) => group.stop(CLOSE_GRACE_MS)));
  }

  async #startImage(
    spec: ContainerSpec,
    image: ContainerImage,
  ): Promise<Result<RunningContainer, StartFailure>> {
    const home = this.#privateDirectory(spec, 'home');
    const temporary = this.#privateDirectory(spec, 'tmp');
    const plan = planCommand(spec, image, {
      selfCommand: this.#options.selfCommand,
      hostPath: this.#options.hostPath,
      toolSettings: this.#options.toolSettings ?? {},
      compileCache: this.#options.compileCache,
      home,
      temporary: this.sandboxed ? '/tmp' : temporary,
      sandboxed: this.sandboxed,
      visible: this.#ownPaths(),
    });
    if (!this.sandboxed) mkdirSync(plan.workingDir, { recursive: true });
    const argv = this.#wrap(spec, image, plan, { home, temporary });
    if (!argv.ok) return argv;
    const started = await this.#startGroup(spec, plan, argv.value);
    if (!started.ok || image.kind !== 'unpacked') return started;
    return ok({ ...started.value, imageId: image.image.imageId });
  }

  #privateDirectory(spec: ContainerSpec, purpose: string): string {
    const path = this.#options.paths.volume(spec.podUid, `${spec.container}.${purpose}`);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** The full command line: the program's path, behind the sandbox or the parent-death guard. */
  #wrap(
    spec: ContainerSpec,
    image: ContainerImage,
    plan: CommandPlan,
    own: PrivateDirectories,
  ): Result<readonly string[], StartFailure> {
    const program = this.#findProgram(spec, image, plan);
    if (!program.ok) return err({ reason: 'StartError', message: program.error });
    const command = [program.value, ...plan.argv.slice(1)];
    if (this.#bubblewrap !== undefined) {
      return ok([this.#bubblewrap, ...this.#sandbox(spec, image, plan, own), ...command]);
    }
    return ok(
      this.#setpriv === undefined ? command : [this.#setpriv, '--pdeathsig', 'KILL', '--', ...command],
    );
  }

  #findProgram(spec: ContainerSpec, image: ContainerImage, plan: CommandPlan): Result<string, string> {
    const [program = ''] = plan.argv;
    if (program === '') return err(`image ${spec.image}: no command given and none known`);
    // Inside a sandbox an absolute path may lie in the image or in a mount; the sandbox itself looks it up.
    const brought = image.kind === 'unpacked' && image.image.complete;
    if (this.sandboxed && (brought || program.startsWith('/'))) return ok(program);
    const path = findProgram(program, plan.env['PATH'] ?? '', plan.workingDir);
    return path === undefined ? err(missingProgramMessage(spec.image, program)) : ok(path);
  }

  #sandbox(spec: ContainerSpec, image: ContainerImage, plan: CommandPlan, own: PrivateDirectories): string[] {
    const { visiblePaths = [] } = this.#options;
    return renderSandboxArguments({
      mounts: spec.mounts,
      workingDir: plan.workingDir,
      temporary: own.temporary,
      visible: [
        ...this.#ownPaths().map((path) => ({ hostPath: path, path, readOnly: true })),
        ...[...visiblePaths, ...this.#caches(image), own.home].map((path) => ({ hostPath: path, path })),
      ],
      ...(image.kind === 'unpacked'
        ? { root: { path: image.image.root, complete: image.image.complete } }
        : {}),
    });
  }

  /** Where the state and this program are: containers may read it. */
  #ownPaths(): readonly string[] {
    const { paths, selfCommand } = this.#options;
    return [paths.state, ...selfCommand.filter((part) => part.startsWith('/')).map(packageRootOf)];
  }

  /** Caches of the host's tools are theirs to write; an image's own programs have none. */
  #caches(image: ContainerImage): readonly string[] {
    if (image.kind === 'unpacked') return [];
    const { toolSettings = {}, compileCache } = this.#options;
    const wanted = CACHE_SETTINGS.map((name) => toolSettings[name]);
    const caches = [...wanted, image.kind === 'self' ? compileCache : undefined];
    return caches.filter((path) => path !== undefined).map(makeDirectory);
  }

  async #startGroup(
    spec: ContainerSpec,
    plan: CommandPlan,
    argv: readonly string[],
  ): Promise<Result<ProcessGroup, StartFailure>> {
    const containerId = randomUUID();
    const log = openCriLog(spec.logPath, this.#options.maxLogBytes ?? DEFAULT_MAX_LOG_BYTES);
    const group = await startProcessGroup({
      argv,
      env: { ...plan.env, [CONTAINER_ID_VARIABLE]: containerId },
      cwd: this.sandboxed ? '/' : plan.workingDir,
      log,
      sendTerm: this.sandboxed ? terminateInSandbox : (pid) => void signalGroup(pid, 'SIGTERM'),
    });
    if (!group.ok) {
      log.close();
      return err({ reason: 'StartError', message: `image ${spec.image}: ${group.error}` });
    }
    this.#track(group.value, containerId);
    return group;
  }

  #track(group: ProcessGroup, containerId: string): void {
    this.#running.add(group);
    this.#records.add(group.pid, containerId);
    void group.exited.finally(() => {
      this.#running.delete(group);
      this.#records.remove(group.pid);
    });
    if (this.#closed) void group.stop(CLOSE_GRACE_MS);
  }
}

/**
 * bwrap ends the sandbox at once when it is signalled itself, so the signal goes to the processes in it. While there are none,
 * the program has not begun and nothing is lost by ending the sandbox.
 */
function terminateInSandbox(groupPid: number): void {
  const members = listProcessGroup(groupPid).filter((each) => each.command !== 'bwrap');
  if (members.length === 0) signalGroup(groupPid, 'SIGKILL');
  for (const { pid } of members) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // Gone in the meantime.
    }
  }
}
