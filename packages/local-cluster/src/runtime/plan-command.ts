/** Decides what a container executes: program, arguments, environment and working directory. Pure but for file existence. */

import { existsSync } from 'node:fs';
import { delimiter, join, posix } from 'node:path';
import type { ContainerSpec } from '../contracts/container-runtime.ts';
import type { ContainerImage } from './container-image.ts';
import { createPathView, type PathView } from './path-view.ts';

export interface CommandPlan {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** As the process sees it: a host path in plain mode, a container path in a sandbox. */
  readonly workingDir: string;
}

export interface CommandSurroundings {
  /** How to run this program, e.g. `[node, main.ts]`. */
  readonly selfCommand: readonly string[];
  /** The PATH that holds the host's tools. */
  readonly hostPath: string;
  /** Variables of the host's tools; images that bring their own programs do not get them. */
  readonly toolSettings: Readonly<Record<string, string>>;
  readonly compileCache: string | undefined;
  /** Private directories of the container, as the process sees them. */
  readonly home: string;
  readonly temporary: string;
  readonly sandboxed: boolean;
  /** Host paths that this program and its kubeconfig lie in. */
  readonly visible: readonly string[];
}

/** Kubernetes rules: `command` replaces Entrypoint and drops Cmd, `args` replaces Cmd. */
export function planCommand(
  spec: ContainerSpec,
  image: ContainerImage,
  surroundings: CommandSurroundings,
): CommandPlan {
  const root = image.kind === 'unpacked' ? image.image.root : undefined;
  const view = surroundings.sandboxed
    ? undefined
    : createPathView({ mounts: spec.mounts, root, visible: surroundings.visible });
  const command = chooseCommand(spec, image, surroundings.selfCommand);
  return {
    argv: view === undefined ? command : command.map((part) => view.argument(part)),
    env: chooseEnvironment(spec, image, surroundings, view),
    workingDir: chooseWorkingDir(spec, image, surroundings, view),
  };
}

function chooseCommand(spec: ContainerSpec, image: ContainerImage, selfCommand: readonly string[]): string[] {
  const config = image.kind === 'unpacked' ? image.image.config : { entrypoint: [], command: [] };
  const given = spec.command ?? [];
  const args = spec.args ?? [];
  if (image.kind === 'self') {
    if (given.length === 0) return [...selfCommand, ...args];
    const [program = '', ...rest] = given;
    return posix.basename(program) === 'tekton-dag'
      ? [...selfCommand, ...rest, ...args]
      : [...given, ...args];
  }
  if (given.length > 0) return [...given, ...args];
  return [...config.entrypoint, ...(args.length > 0 ? args : config.command)];
}

function chooseEnvironment(
  spec: ContainerSpec,
  image: ContainerImage,
  surroundings: CommandSurroundings,
  view: PathView | undefined,
): Record<string, string> {
  const imageEnv = image.kind === 'unpacked' ? image.image.config.env : {};
  const given = Object.entries({ ...imageEnv, ...spec.env });
  const seen = given.map(([name, value]): [string, string] => [name, view?.value(value) ?? value]);
  const env: Record<string, string> = {
    ...settingsOf(image, surroundings),
    HOME: surroundings.home,
    TMPDIR: surroundings.temporary,
    LANG: 'C.UTF-8',
    HOSTNAME: spec.podName,
    TEKTON_DAG_HOST_TOOLCHAIN: '1',
    ...Object.fromEntries(seen),
  };
  const wanted = spec.env['PATH'] ?? imageEnv['PATH'] ?? '';
  return { ...env, PATH: joinSearchPath(wanted, env['PATH'] ?? '', surroundings.hostPath) };
}

/** Code of a pull request runs in `host` images too: it must not reach what our own steps load. */
function settingsOf(
  image: ContainerImage,
  { toolSettings, compileCache }: CommandSurroundings,
): Readonly<Record<string, string>> {
  if (image.kind === 'unpacked') return {};
  if (image.kind !== 'self' || compileCache === undefined) return toolSettings;
  return { ...toolSettings, NODE_COMPILE_CACHE: compileCache };
}

/** Directories that are the container's own come first, then the host's tools, then what else was asked for. */
function joinSearchPath(wanted: string, translated: string, hostPath: string): string {
  const asked = wanted.split(delimiter);
  const parts = translated.split(delimiter);
  const own = parts.filter((part, index) => part !== asked[index]);
  return [...new Set([...own, ...hostPath.split(delimiter), ...parts])]
    .filter((part) => part !== '')
    .join(delimiter);
}

function chooseWorkingDir(
  spec: ContainerSpec,
  image: ContainerImage,
  surroundings: CommandSurroundings,
  view: PathView | undefined,
): string {
  const fromImage = image.kind === 'unpacked' ? image.image.config.workingDir : '';
  const wanted = spec.workingDir ?? (fromImage === '' ? undefined : fromImage);
  if (wanted === undefined)
    return image.kind === 'unpacked' && view !== undefined ? image.image.root : surroundings.home;
  if (view === undefined) return wanted;
  const seen = view.path(wanted);
  if (seen !== wanted || existsSync(seen)) return seen;
  // Kubernetes makes a missing working directory; here it goes where nothing of the host can be touched.
  return join(surroundings.home, 'root', posix.normalize(`/${wanted}`));
}
