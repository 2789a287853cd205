/** The runtime that turns a container of a pod or a Tekton step into a host process. */

import type { Result } from '@tekton-dag/model';

/** A host directory or file that the container sees at `path`. */
export interface Mount {
  readonly hostPath: string;
  readonly path: string;
  readonly readOnly?: boolean;
}

export interface ContainerSpec {
  readonly podUid: string;
  readonly namespace: string;
  readonly podName: string;
  readonly container: string;
  readonly image: string;
  /** Kubernetes semantics: `command` replaces the image's Entrypoint, `args` its Cmd. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** Complete for what Kubernetes or Tekton give; the runtime adds the image's Env, PATH, HOME, TMPDIR. Never the host's secrets. */
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly mounts: readonly Mount[];
  /** Combined stdout and stderr are appended here, each line in CRI form: `<RFC 3339 nano> stdout|stderr F <line>`. */
  readonly logPath: string;
}

export interface ContainerExit {
  readonly exitCode: number;
  readonly signal?: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

export interface RunningContainer {
  readonly pid: number;
  readonly startedAt: string;
  /** `<registry>/<repository>@<digest>` of an image of the local registry. */
  readonly imageId?: string;
  readonly exited: Promise<ContainerExit>;
  /** SIGTERM to the process group, SIGKILL after `graceMs`; resolves when the whole group is gone. */
  stop(graceMs: number): Promise<ContainerExit>;
}

/** Why a container could not start; `reason` as kubelet spells it. */
export interface StartFailure {
  readonly reason: 'ErrImagePull' | 'ImagePullBackOff' | 'CreateContainerError' | 'StartError';
  /** Names the program to install where one is missing. */
  readonly message: string;
}

export interface ContainerRuntime {
  /** True when containers see `Mount.path`; false when they see `Mount.hostPath`. */
  readonly sandboxed: boolean;
  /** Where the container sees the mount. */
  pathOf(mount: Mount): string;
  start(spec: ContainerSpec): Promise<Result<RunningContainer, StartFailure>>;
  /** Ends process groups that a killed predecessor left behind; call once before anything starts. */
  recover(): Promise<void>;
  /** Ends everything that runs. */
  close(): Promise<void>;
}
