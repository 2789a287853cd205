/** Team: who owns stacks and what their runs may use, as parsed from `teams/<team>/team.yaml`. */

import type { BuildTool } from '../stack/stack.ts';
import type { PackageProxies } from './package-proxies.ts';
import type { RegistryMirrors } from './registry-mirrors.ts';

/** How tagged traffic is sent to a pull request's pods. */
export const INTERCEPT_BACKENDS = ['gateway', 'telepresence', 'mirrord'] as const;
export type InterceptBackend = (typeof INTERCEPT_BACKENDS)[number];

/** What somebody may do with a team by the API; each role may do what the one before it may. */
export const ACCESS_ROLES = ['viewer', 'runner', 'admin'] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** Gives `role` to users and to members of groups, named as their tokens name them. */
export interface TeamAccess {
  readonly role: AccessRole;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** Images of the tools that intercept; each has its tool and this program, but for mirrord's agent. */
export interface InterceptImages {
  readonly mirrord?: string;
  readonly mirrordAgent?: string;
  readonly telepresence?: string;
}

/** Names of Tekton tasks that run at fixed places of a pipeline. */
export interface Hooks {
  readonly preBuild?: string;
  readonly postBuild?: string;
  readonly preTest?: string;
  readonly postTest?: string;
}

/** A parsed team file with every default filled in. */
export interface Team {
  readonly name: string;
  /** Where the team's PipelineRuns live. */
  readonly namespace: string;
  /** A cluster of Argo CD, or a kubeconfig context; absent means the cluster that the orchestrator runs in. */
  readonly cluster?: string;
  /** The forge's host name. */
  readonly host: string;
  /** `host[:port][/path]`, without scheme and trailing slash. */
  readonly imageRegistry: string;
  readonly cacheRepo?: string;
  /** Secret with Docker's config.json, in the namespace of the runs. */
  readonly registrySecret?: string;
  /** Secret with the key that reads the repositories, and known_hosts. */
  readonly sshSecret?: string;
  /** Volume claim that keeps the downloads of build tools between runs. */
  readonly buildCacheClaim?: string;
  /** Registries spoken to over plain HTTP, `host[:port]`. */
  readonly insecureRegistries: readonly string[];
  readonly registryMirrors: RegistryMirrors;
  readonly packageProxies: PackageProxies;
  /** The image that builds Dockerfiles with RUN. */
  readonly builderImage?: string;
  readonly interceptBackend: InterceptBackend;
  readonly interceptImages?: InterceptImages;
  readonly maxConcurrentRuns: number;
  readonly maxParallelBuilds: number;
  /** The team's share when teams compete; 2 gets twice as much as 1. */
  readonly weight: number;
  /** Paths of stack files in the platform repository, such as `stacks/stack-one.yaml`. */
  readonly stacks: readonly string[];
  /** The platform repository: it holds stacks and versions. */
  readonly gitUrl: string;
  readonly gitRevision: string;
  /** The versions of the team's apps, in the platform repository. */
  readonly versionsFile: string;
  /** Where app repositories are fetched from: `<base>/<owner>/<name>.git`. */
  readonly gitBaseUrl: string;
  /** Branches whose pull requests are run and released. */
  readonly baseBranches: readonly string[];
  /** Logins of programs whose pull requests are tested as a person's are; `[bot]` at the end may be left out. */
  readonly allowedBots: readonly string[];
  readonly compileImages: Readonly<Partial<Record<BuildTool, string>>>;
  readonly hooks: Hooks;
  readonly access: readonly TeamAccess[];
}
