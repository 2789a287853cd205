/** teamFileSchema: the form of a team file; its JSON Schema is published as teams/schema.json. */

import { z } from 'zod';
import { text } from '../file/formats.ts';
import { packageProxiesSchema } from './package-proxies.ts';
import { registryMirrorsSchema } from './registry-mirrors.ts';
import { ACCESS_ROLES, INTERCEPT_BACKENDS } from './team.ts';

const compileImages = z.strictObject({
  npm: text('imageReference').exactOptional(),
  maven: text('imageReference').exactOptional(),
  gradle: text('imageReference').exactOptional(),
  pip: text('imageReference').exactOptional(),
  composer: text('imageReference').exactOptional(),
});

const hooks = z.strictObject({
  preBuild: text('label').exactOptional(),
  postBuild: text('label').exactOptional(),
  preTest: text('label').exactOptional(),
  postTest: text('label').exactOptional(),
});

const interceptImages = z.strictObject({
  mirrord: text('imageReference').exactOptional(),
  mirrordAgent: text('imageReference').exactOptional(),
  telepresence: text('imageReference').exactOptional(),
});

const accessRule = z.strictObject({
  role: z.enum(ACCESS_ROLES).describe('viewer reads, runner also runs and cancels, admin does all.'),
  users: z.array(text('subject')).exactOptional().describe('User names, as the token says them.'),
  groups: z.array(text('subject')).exactOptional().describe('Groups, as the token says them.'),
});

/** Keys as in `team.yaml`; unknown keys are refused. */
export const teamFileSchema = z
  .strictObject({
    name: text('label').describe('The id of the team.'),
    namespace: text('label')
      .exactOptional()
      .describe('Where its runs and its release live; default tekton-pipelines.'),
    cluster: z
      .string()
      .min(1)
      .exactOptional()
      .describe(
        'Where it is delivered: a cluster of Argo CD, or a kubeconfig context; default: the own cluster.',
      ),
    host: text('host').exactOptional().describe("The forge's host name; default github.com."),
    imageRegistry: text('imageRegistry').describe('Where images go, such as ghcr.io/acme.'),
    insecureRegistries: z
      .array(text('host'))
      .exactOptional()
      .describe('Registries spoken to over plain HTTP, host[:port].'),
    registryMirrors: registryMirrorsSchema
      .exactOptional()
      .describe('Registries to ask instead, such as docker.io to mirror.example/hub.'),
    packageProxies: packageProxiesSchema.exactOptional().describe('Where build tools get packages, by tool.'),
    builderImage: text('imageReference')
      .exactOptional()
      .describe('The image that builds Dockerfiles with RUN.'),
    cacheRepo: text('imageRegistry').exactOptional().describe('Where image layers are cached.'),
    registrySecret: text('label')
      .exactOptional()
      .describe("Secret with Docker's config.json: users of the registries."),
    sshSecret: text('label')
      .exactOptional()
      .describe('Secret with an SSH key that reads the repositories, and known_hosts.'),
    buildCacheClaim: text('label')
      .exactOptional()
      .describe('Volume claim that keeps downloads of build tools.'),
    interceptBackend: z
      .enum(INTERCEPT_BACKENDS)
      .exactOptional()
      .describe('How tagged traffic reaches a pull request; default gateway.'),
    interceptImages: interceptImages.exactOptional().describe('Images of the tools that intercept.'),
    maxConcurrentRuns: z.int().min(1).max(1000).exactOptional().describe('Default 3.'),
    maxParallelBuilds: z.int().min(1).max(1000).exactOptional().describe('Default 5.'),
    weight: z
      .int()
      .min(1)
      .max(100)
      .exactOptional()
      .describe('Share of what teams compete for; 2 gets twice as much as 1. Default 1.'),
    stacks: z.array(text('stackFile')).describe('Stack files of the platform repository.'),
    gitUrl: text('gitUrl').describe('The platform repository: stacks and versions.'),
    gitRevision: text('gitRevision').exactOptional().describe('Its branch, tag or commit; default main.'),
    versionsFile: text('stackFile')
      .exactOptional()
      .describe('Versions of the apps, in the platform repository; default stacks/versions.yaml.'),
    gitBaseUrl: text('gitUrl')
      .exactOptional()
      .describe('Where app repositories are; default https://<host>.'),
    baseBranches: z.array(text('gitRevision')).min(1).exactOptional().describe('Default main alone.'),
    allowedBots: z
      .array(text('login'))
      .exactOptional()
      .describe('Logins of programs whose pull requests are tested, such as renovate; default none.'),
    compileImages: compileImages.exactOptional().describe('Images to compile with, by build tool.'),
    access: z.array(accessRule).exactOptional().describe('Who may do what with the team by the API.'),
    hooks: hooks.exactOptional().describe('Tekton tasks to run at fixed places.'),
  })
  .describe('A team of tekton-dag: who owns stacks, and what their runs may use.');

export type TeamFile = z.output<typeof teamFileSchema>;
