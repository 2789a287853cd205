/** Reads a Dockerfile into its base image and the instructions of its only stage (Dockerfile reference, Docker). */
import dockerfileAst from 'dockerfile-ast';
import { err, ok, type Result } from '@tekton-dag/model';
import { expandVariables } from './expand-variables.ts';
import type { DockerfileProblem } from './image-failure.ts';

type AstDockerfile = ReturnType<typeof dockerfileAst.DockerfileParser.parse>;
type AstInstruction = ReturnType<AstDockerfile['getInstructions']>[number];

export interface DockerfileInstruction {
  /** 1-based. */
  readonly line: number;
  readonly keyword: string;
  /** Everything behind keyword and flags, continuation lines joined. */
  readonly text: string;
  /** Words of the shell form. */
  readonly words: readonly string[];
  /** The strings of the exec form, when it is one. */
  readonly json: readonly string[] | undefined;
  readonly flags: Readonly<Record<string, string>>;
  /** `name=value` pairs of ENV, LABEL and ARG; `value` undefined for `ARG name`. */
  readonly properties: readonly { name: string; value: string | undefined; literal: boolean }[];
}

export interface ReadDockerfile {
  /** The base image with its variables filled in; `scratch` for none. */
  readonly base: string;
  readonly instructions: readonly DockerfileInstruction[];
  /** ARGs in front of FROM. */
  readonly globalArgs: ReadonlyMap<string, string>;
}

const readJson = (text: string): string[] | undefined => {
  if (!text.trimStart().startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
};

const readFlags = (instruction: AstInstruction): Record<string, string> => {
  if (!('getFlags' in instruction) || typeof instruction.getFlags !== 'function') return {};
  const flags: { getName(): string; getValue(): string | null }[] = instruction.getFlags();
  return Object.fromEntries(flags.map((flag) => [flag.getName(), flag.getValue() ?? '']));
};

const readProperties = (instruction: AstInstruction): DockerfileInstruction['properties'] => {
  if (!('getProperties' in instruction) || typeof instruction.getProperties !== 'function') return [];
  const properties: { getName(): string; getValue(): string | null; getUnescapedValue(): string | null }[] =
    instruction.getProperties();
  return properties.map((property) => ({
    name: property.getName(),
    value: property.getValue() ?? undefined,
    literal: property.getUnescapedValue()?.startsWith("'") ?? false,
  }));
};

const readInstruction = (instruction: AstInstruction): DockerfileInstruction => {
  const text = instruction.getArgumentsContent() ?? '';
  return {
    line: instruction.getRange().start.line + 1,
    keyword: instruction.getKeyword(),
    text,
    words: instruction.getArguments().map((argument) => argument.getValue()),
    json: readJson(text),
    flags: readFlags(instruction),
    properties: readProperties(instruction),
  };
};

const COPY_FLAGS = new Set(['chown', 'chmod', 'link']);
const needsBuildah = (line: number, what: string): DockerfileProblem => ({
  reason: 'needs-buildah',
  line,
  message: `${what} needs buildah on the PATH`,
});

const checkCopy = ({ line, keyword, flags, words }: DockerfileInstruction): DockerfileProblem[] => {
  const foreign = Object.keys(flags).filter((name) => !COPY_FLAGS.has(name));
  if (foreign.length > 0) return [needsBuildah(line, `${keyword} --${foreign[0] ?? ''}`)];
  if (words.some((word) => word.startsWith('<<')))
    return [needsBuildah(line, `${keyword} of a here-document`)];
  const remote = words.some((word) => /^(https?:|git@|git:)/.test(word));
  if (keyword === 'ADD' && remote) return [needsBuildah(line, 'ADD of a URL')];
  const archive = words.some((word) => /\.(tar|tgz|tar\.(gz|bz2|xz|zst))$/.test(word));
  return keyword === 'ADD' && archive ? [needsBuildah(line, 'ADD of an archive')] : [];
};

const KNOWN = new Set(
  'ARG CMD ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

const checkInstruction = (instruction: DockerfileInstruction): DockerfileProblem[] => {
  const { keyword, line } = instruction;
  if (keyword === 'RUN' || keyword === 'ONBUILD') return [needsBuildah(line, keyword)];
  if (keyword === 'COPY' || keyword === 'ADD') return checkCopy(instruction);
  return KNOWN.has(keyword) ? [] : [{ reason: 'invalid', line, message: `unknown instruction ${keyword}` }];
};

const readGlobalArgs = (instructions: readonly DockerfileInstruction[]): Map<string, string> => {
  const values = new Map<string, string>();
  for (const { properties } of instructions) {
    for (const { name, value, literal } of properties) {
      if (value !== undefined) values.set(name, literal ? value : expandVariables(value, values));
    }
  }
  return values;
};

/** Reads the last stage. Reports every instruction that this builder cannot do by itself. */
export const readDockerfile = (text: string): Result<ReadDockerfile, DockerfileProblem[]> => {
  const all = dockerfileAst.DockerfileParser.parse(text).getInstructions().map(readInstruction);
  const firstFrom = all.findIndex(({ keyword }) => keyword === 'FROM');
  const lastFrom = all.findLastIndex(({ keyword }) => keyword === 'FROM');
  const from = all[lastFrom];
  if (from === undefined) return err([{ reason: 'invalid', line: 1, message: 'no FROM' }]);
  const globalArgs = readGlobalArgs(all.slice(0, firstFrom).filter(({ keyword }) => keyword === 'ARG'));
  const base = expandVariables(from.words[0] ?? '', globalArgs);
  const stages = all
    .slice(firstFrom, lastFrom)
    .flatMap(({ keyword, words }) => (keyword === 'FROM' ? [words[2]] : []));
  const instructions = all.slice(lastFrom + 1);
  const problems = instructions.flatMap(checkInstruction);
  if (stages.includes(base)) problems.unshift(needsBuildah(from.line, `FROM the stage ${base}`));
  if (base === '') problems.unshift({ reason: 'invalid', line: from.line, message: 'FROM without an image' });
  return problems.length > 0 ? err(problems) : ok({ base, instructions, globalArgs });
};
