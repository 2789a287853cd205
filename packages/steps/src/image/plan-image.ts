/** Turns the instructions of a Dockerfile into layers to copy and the container config; pure. */
import { posix } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import { expandVariables } from './expand-variables.ts';
import type { DockerfileProblem } from './image-failure.ts';
import type { DockerfileInstruction, ReadDockerfile } from './read-dockerfile.ts';

/** One COPY or ADD: patterns in the context, an absolute place in the image. */
export interface CopyPlan {
  readonly line: number;
  readonly sources: readonly string[];
  readonly destination: string;
  /** The destination was written with a trailing slash, or there are many sources. */
  readonly intoDirectory: boolean;
  readonly uid: number;
  readonly gid: number;
  /** Octal mode for all copied files, when given. */
  readonly mode: number | undefined;
}

/** What a container runs with (OCI image-spec, config). */
export interface ContainerConfig {
  env: string[];
  workingDir: string;
  user: string | undefined;
  entrypoint: string[] | undefined;
  cmd: string[] | undefined;
  exposedPorts: string[];
  volumes: string[];
  labels: Record<string, string>;
  stopSignal: string | undefined;
}

export interface ImagePlan {
  readonly copies: readonly CopyPlan[];
  readonly config: ContainerConfig;
}

interface PlanState {
  readonly copies: CopyPlan[];
  readonly problems: DockerfileProblem[];
  readonly config: ContainerConfig;
  readonly env: Map<string, string>;
  readonly args: Map<string, string>;
  readonly globalArgs: ReadonlyMap<string, string>;
  shell: string[];
}

/** Names that Linux base images agree on; other names need /etc/passwd of the base. */
const KNOWN_IDS = new Map([
  ['root', 0],
  ['nobody', 65534],
  ['nonroot', 65532],
  ['node', 1000],
]);

const parseId = (text: string): number | undefined =>
  /^[0-9]{1,9}$/.test(text) ? Number(text) : KNOWN_IDS.get(text);

const expand = (state: PlanState, text: string): string =>
  expandVariables(text, new Map([...state.args, ...state.env]));

const absolute = (state: PlanState, path: string): string =>
  posix.resolve('/', state.config.workingDir, path);

const invalidAt = (state: PlanState, line: number, message: string): void => {
  state.problems.push({ reason: 'invalid', line, message });
};

/** `user[:group]` as numbers; undefined for a name that only the base image knows. */
const parseOwner = (text: string): { uid: number; gid: number } | undefined => {
  const [user = '', group = user] = text.split(':');
  const uid = parseId(user);
  const gid = parseId(group);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
};

const parseMode = (text: string | undefined): number | undefined =>
  text !== undefined && /^[0-7]{3,4}$/.test(text) ? Number.parseInt(text, 8) : undefined;

const planCopy = (state: PlanState, instruction: DockerfileInstruction): void => {
  const { line, keyword, flags } = instruction;
  const words = (instruction.json ?? instruction.words).map((word) => expand(state, word));
  const target = words.pop();
  if (target === undefined || words.length === 0) {
    invalidAt(state, line, `${keyword} needs a source and a destination`);
    return;
  }
  const owner = parseOwner(expand(state, flags['chown'] ?? '0'));
  if (owner === undefined) {
    invalidAt(state, line, `--chown: write the numbers; names are unknown without the base image`);
    return;
  }
  state.copies.push({
    line,
    sources: words,
    destination: absolute(state, target),
    intoDirectory: target.endsWith('/') || words.length > 1 || target === '.',
    ...owner,
    mode: parseMode(flags['chmod']),
  });
};

const commandOf = (state: PlanState, { json, text }: DockerfileInstruction): string[] =>
  json === undefined ? [...state.shell, text] : [...json];

const setVariables = (state: PlanState, { properties }: DockerfileInstruction): void => {
  // All values of one ENV see the values from before it.
  const before = new Map([...state.args, ...state.env]);
  for (const { name, value = '', literal } of properties) {
    state.env.set(name, literal ? value : expandVariables(value, before));
  }
};

const setArgs = (state: PlanState, { properties }: DockerfileInstruction): void => {
  for (const { name, value, literal } of properties) {
    const known = state.globalArgs.get(name) ?? '';
    if (value === undefined) state.args.set(name, known);
    else state.args.set(name, literal ? value : expand(state, value));
  }
};

const setLabels = (state: PlanState, { properties }: DockerfileInstruction): void => {
  for (const { name, value = '', literal } of properties) {
    state.config.labels[name] = literal ? value : expand(state, value);
  }
};

const listOf = (state: PlanState, { json, words }: DockerfileInstruction): string[] =>
  (json ?? words).map((word) => expand(state, word));

type Apply = (state: PlanState, instruction: DockerfileInstruction) => void;

const APPLY: Readonly<Record<string, Apply>> = {
  COPY: planCopy,
  ADD: planCopy,
  ENV: setVariables,
  ARG: setArgs,
  LABEL: setLabels,
  WORKDIR: (state, { text }) => {
    state.config.workingDir = absolute(state, expand(state, text.trim()));
  },
  USER: (state, { text }) => {
    state.config.user = expand(state, text.trim());
  },
  CMD: (state, instruction) => {
    state.config.cmd = commandOf(state, instruction);
  },
  ENTRYPOINT: (state, instruction) => {
    state.config.entrypoint = commandOf(state, instruction);
    state.config.cmd = undefined;
  },
  SHELL: (state, { json }) => {
    if (json !== undefined) state.shell = [...json];
  },
  STOPSIGNAL: (state, { text }) => {
    state.config.stopSignal = expand(state, text.trim());
  },
  EXPOSE: (state, instruction) => {
    const ports = listOf(state, instruction).map((port) => (port.includes('/') ? port : `${port}/tcp`));
    state.config.exposedPorts.push(...ports);
  },
  VOLUME: (state, instruction) => {
    state.config.volumes.push(...listOf(state, instruction));
  },
};

/** `name=value` list to a map; the first `=` divides. */
const envMapOf = (env: readonly string[]): Map<string, string> =>
  new Map(env.map((entry) => [entry.split('=', 1)[0] ?? entry, entry.slice(entry.indexOf('=') + 1)]));

/** Plans an image on top of the base's config (empty for `scratch` or an unknown base). */
export const planImage = (
  dockerfile: ReadDockerfile,
  base: ContainerConfig,
): Result<ImagePlan, DockerfileProblem[]> => {
  const state: PlanState = {
    copies: [],
    problems: [],
    config: {
      ...base,
      labels: { ...base.labels },
      exposedPorts: [...base.exposedPorts],
      volumes: [...base.volumes],
    },
    env: envMapOf(base.env),
    args: new Map(),
    globalArgs: dockerfile.globalArgs,
    shell: ['/bin/sh', '-c'],
  };
  for (const instruction of dockerfile.instructions) APPLY[instruction.keyword]?.(state, instruction);
  if (state.problems.length > 0) return err(state.problems);
  state.config.env = [...state.env].map(([name, value]) => `${name}=${value}`);
  return ok({ copies: state.copies, config: state.config });
};

/** The config of nothing: what `scratch` and unknown bases give. */
export const emptyContainerConfig = (): ContainerConfig => ({
  env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  workingDir: '/',
  user: undefined,
  entrypoint: undefined,
  cmd: undefined,
  exposedPorts: [],
  volumes: [],
  labels: {},
  stopSignal: undefined,
});
