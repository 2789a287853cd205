/** Renders the config and manifest of an image (OCI image-spec v1.1); pure. */
import { MEDIA_TYPE, type Descriptor, type ImageConfig } from '../registry/oci-manifest.ts';
import { emptyContainerConfig, type ContainerConfig } from './plan-image.ts';

/** Creation time of all our images: content alone decides their digest. */
const EPOCH = '1970-01-01T00:00:00Z';

/** Reads the part of an image's config that a Dockerfile can change. */
export const containerConfigOf = ({ config = {} }: ImageConfig): ContainerConfig => {
  const { Env, WorkingDir, User, Entrypoint, Cmd, ExposedPorts, Labels } = config;
  return {
    ...emptyContainerConfig(),
    env: Env ?? [],
    workingDir: WorkingDir || '/',
    user: User,
    entrypoint: Entrypoint ?? undefined,
    cmd: Cmd ?? undefined,
    exposedPorts: Object.keys(ExposedPorts ?? {}),
    labels: Labels ?? {},
  };
};

const setOf = (names: readonly string[]): Record<string, Record<string, never>> =>
  Object.fromEntries(names.toSorted().map((name) => [name, {}]));

const renderContainer = (config: ContainerConfig): NonNullable<ImageConfig['config']> => ({
  Env: config.env,
  WorkingDir: config.workingDir,
  ...(config.user === undefined ? {} : { User: config.user }),
  ...(config.entrypoint === undefined ? {} : { Entrypoint: config.entrypoint }),
  ...(config.cmd === undefined ? {} : { Cmd: config.cmd }),
  ...(config.exposedPorts.length === 0 ? {} : { ExposedPorts: setOf(config.exposedPorts) }),
  ...(config.volumes.length === 0 ? {} : { Volumes: setOf(config.volumes) }),
  ...(Object.keys(config.labels).length === 0 ? {} : { Labels: config.labels }),
  ...(config.stopSignal === undefined ? {} : { StopSignal: config.stopSignal }),
});

/** The bytes of the config blob. `base` gives platform and layers below; absent for none. */
export const renderImageConfig = (
  config: ContainerConfig,
  diffIds: readonly string[],
  { base, architecture }: { base: ImageConfig | undefined; architecture: string },
): Buffer => {
  const image: ImageConfig = {
    created: EPOCH,
    architecture: base?.architecture ?? architecture,
    os: base?.os ?? 'linux',
    config: renderContainer(config),
    rootfs: { type: 'layers', diff_ids: [...(base?.rootfs.diff_ids ?? []), ...diffIds] },
    ...(base?.history === undefined
      ? {}
      : { history: [...base.history, ...diffIds.map(() => ({ created: EPOCH, created_by: 'tekton-dag' }))] }),
  };
  return Buffer.from(JSON.stringify(image));
};

/** The bytes of the manifest. */
export const renderManifest = (
  config: { digest: string; size: number },
  layers: readonly Descriptor[],
  annotations: Readonly<Record<string, string>>,
): Buffer =>
  Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.manifest,
      config: { mediaType: MEDIA_TYPE.config, ...config },
      layers,
      annotations,
    }),
  );
