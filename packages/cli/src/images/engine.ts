/** Engine: the program that makes images, and the command lines that it is given; pure. */

export const ENGINE_NAMES = ['buildah', 'podman', 'docker'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface BuildOrder {
  /** Names that the image gets. */
  readonly references: readonly string[];
  readonly dockerfile: string;
  readonly context: string;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Of every file and of the image itself; undefined leaves them as they are, which keeps the layer cache useful. */
  readonly timestampSeconds?: number | undefined;
  /** The base's registry speaks plain HTTP. */
  readonly plainHttp: boolean;
}

export interface PushOrder {
  readonly reference: string;
  readonly digestFile: string;
  readonly plainHttp: boolean;
}

/** Arguments of the build; buildah-build(1), podman-build(1), docker buildx build. */
export function buildCommand(engine: EngineName, order: BuildOrder): string[] {
  const { references, dockerfile, context, timestampSeconds } = order;
  return [
    'build',
    ...(engine === 'docker' ? [] : ['--layers', ...tlsVerify(order)]),
    ...timestamp(engine, timestampSeconds),
    '--file',
    dockerfile,
    ...pairs('--build-arg', order.args),
    ...pairs('--label', order.labels),
    ...references.flatMap((reference) => ['--tag', reference]),
    context,
  ];
}

/** Arguments of the push; docker has no digest file: the digest is asked for afterwards. */
export function pushCommand(engine: EngineName, order: PushOrder): string[] {
  const { reference, digestFile } = order;
  if (engine === 'docker') return ['push', reference];
  return ['push', ...tlsVerify(order), '--digestfile', digestFile, reference, `docker://${reference}`];
}

/** Arguments that print the digests of a pushed image as JSON, for docker. */
export function repoDigestsCommand(reference: string): string[] {
  return ['image', 'inspect', '--format', '{{json .RepoDigests}}', reference];
}

function tlsVerify({ plainHttp }: { readonly plainHttp: boolean }): string[] {
  return plainHttp ? ['--tls-verify=false'] : [];
}

function timestamp(engine: EngineName, seconds: number | undefined): string[] {
  if (seconds === undefined) return [];
  return engine === 'docker'
    ? ['--build-arg', `SOURCE_DATE_EPOCH=${seconds}`]
    : ['--timestamp', String(seconds)];
}

function pairs(option: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([key, value]) => [option, `${key}=${value}`]);
}
