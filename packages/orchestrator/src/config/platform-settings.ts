/** The settings of the platform: where teams come from beside a directory, and how often it is looked at anew. */

import { z } from 'zod';
import type { ServiceConfig } from './service-settings.ts';

export interface PlatformConfig {
  /** Where ConfigMaps hold team files; absent means the teams directory. */
  readonly teamsConfigMaps: ConfigMapSelection | undefined;
  /** Who owns the stacks of `stacks/registry.yaml` where there is no teams directory. */
  readonly implicitTeam: ImplicitTeam | undefined;
  /** How often all files are looked at, whatever was noticed before; 0 means never. */
  readonly rescanIntervalMs: number;
}

export interface ConfigMapSelection {
  readonly namespace: string;
  /** Kubernetes syntax, e.g. `tekton-dag.io/platform=true`. */
  readonly labelSelector: string;
}

/** A team file, or the text of one. */
export type ImplicitTeam =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'settings'; readonly text: string };

const CONFIG_MAPS = /^([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\/([^/\s].*)$/;

export const platformSettings = {
  TEKTON_DAG_TEAMS_CONFIGMAPS: z
    .string()
    .regex(CONFIG_MAPS, 'must be <namespace>/<label selector>')
    .optional(),
  TEKTON_DAG_DEFAULT_TEAM_FILE: z.string().min(1).optional(),
  TEKTON_DAG_IMAGE_REGISTRY: z.string().min(1).optional(),
  TEKTON_DAG_GIT_URL: z.string().min(1).optional(),
  TEKTON_DAG_GIT_REVISION: z.string().min(1).optional(),
  TEKTON_DAG_RESCAN_INTERVAL_S: z.coerce.number().int().min(0).max(86_400).default(60),
};

type PlatformSettings = z.output<z.ZodObject<typeof platformSettings>>;

export function compilePlatformConfig(values: PlatformSettings): PlatformConfig {
  return {
    teamsConfigMaps: selectionOf(values.TEKTON_DAG_TEAMS_CONFIGMAPS),
    implicitTeam: implicitTeamOf(values),
    rescanIntervalMs: values.TEKTON_DAG_RESCAN_INTERVAL_S * 1_000,
  };
}

function selectionOf(text: string | undefined): ConfigMapSelection | undefined {
  const [, namespace, labelSelector] = CONFIG_MAPS.exec(text ?? '') ?? [];
  return namespace === undefined || labelSelector === undefined ? undefined : { namespace, labelSelector };
}

/** The settings as the text of a team file (JSON is YAML), so that they are checked as one. */
function implicitTeamOf(values: PlatformSettings): ImplicitTeam | undefined {
  const path = values.TEKTON_DAG_DEFAULT_TEAM_FILE;
  if (path !== undefined) return { kind: 'file', path };
  const imageRegistry = values.TEKTON_DAG_IMAGE_REGISTRY;
  const gitUrl = values.TEKTON_DAG_GIT_URL;
  if (imageRegistry === undefined || gitUrl === undefined) return undefined;
  const gitRevision = values.TEKTON_DAG_GIT_REVISION;
  const team = { name: 'default', imageRegistry, gitUrl, gitRevision, stacks: [] };
  return { kind: 'settings', text: JSON.stringify(team) };
}

/** What the platform's files need of the whole configuration. */
export type PlatformPlace = PlatformConfig &
  Pick<ServiceConfig, 'platformDir' | 'teamsDir' | 'defaultNamespace'>;
