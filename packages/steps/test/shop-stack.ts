/** The stack that tests of steps work on: its files, the env of task prepare, the images that a build would have made. */

import { kinds } from '@tekton-dag/kube';
import type { TempForge } from '../src/testing/index.ts';
import { RUN, RUNS, APPS, type StepRig } from './step-rig.ts';

/** A stack of three apps in a row; app `web` listens where the test says. */
export const stackText = (ports: Readonly<Record<string, number>> = {}, extra = ''): string => `
name: shop
description: it's "quoted" $(touch pwned) and ünï
defaults: { namespace: ${APPS} }
apps:
  - name: web
    repo: acme/web
    role: frontend
    service-port: ${ports['web'] ?? 80}
    build: { tool: none }
    downstream: [mid]
${extra}
  - name: mid
    repo: acme/mid
    role: middleware
    service-port: ${ports['mid'] ?? 80}
    build: { tool: none }
    downstream: [api]
  - name: api
    repo: acme/api
    role: persistence
    service-port: ${ports['api'] ?? 80}
    env: { GREETING: "it's $(HOME) $$5" }
    build: { tool: none }
`;

const pushedApps = new WeakMap<TempForge, Promise<Record<string, string>>>();

const pushApps = async (forge: TempForge): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      ['web', 'mid', 'api'].map(async (app) => {
        const files = { Dockerfile: 'FROM scratch\nCOPY . /app/\n', 'a.txt': app };
        return [app, await forge.push(`acme/${app}`, files)];
      }),
    ),
  );

const pushedPlatforms = new WeakMap<TempForge, string>();

const VERSIONS = 'apps:\n  api: { version: 0.3.0-rc.2, last-released: 0.2.9 } # kept\n';

/** Pushes the versions as they are at the beginning. */
export const pushVersions = async ({ forge }: StepRig): Promise<string> =>
  await forge.push('acme/platform', { 'stacks/versions.yaml': VERSIONS });

/** Pushes the platform repository where the stack is another one, and the apps' once; returns the apps' first commits. */
export const pushStack = async ({ forge }: StepRig, text = stackText()): Promise<Record<string, string>> => {
  const apps = pushedApps.get(forge) ?? pushApps(forge);
  pushedApps.set(forge, apps);
  if (pushedPlatforms.get(forge) !== text) {
    await forge.push('acme/platform', { 'stacks/shop.yaml': text, 'stacks/versions.yaml': VERSIONS });
  }
  pushedPlatforms.set(forge, text);
  return await apps;
};

/** Env of task prepare. */
export const prepareEnv = (rig: StepRig, overrides: Record<string, string> = {}): Record<string, string> => ({
  MODE: 'pr',
  GIT_URL: rig.forge.urlOf('acme/platform'),
  GIT_REVISION: 'main',
  STACK_FILE: 'stacks/shop.yaml',
  VERSIONS_FILE: 'stacks/versions.yaml',
  VERSION_OVERRIDES: '{}',
  TEAM: 'default',
  IMAGE_REGISTRY: `${rig.registry.host}/team`,
  CHANGED_APP: 'api',
  PR_NUMBER: '42',
  PR_REPOSITORY: 'acme/api',
  APP_REVISIONS: '{}',
  DEFAULT_REVISION: 'main',
  FORCE_REBUILD: 'false',
  MAX_PARALLEL_BUILDS: '2',
  INTERCEPT_BACKEND: 'gateway',
  ...overrides,
});

export const DIGEST = `sha256:${'d'.repeat(64)}`;

/** Writes `images.json` for apps, as step build would. */
export const putImages = async (rig: StepRig, apps: readonly string[], digest = DIGEST): Promise<void> => {
  const images = Object.fromEntries(
    apps.map((app) => [
      app,
      { image: `${rig.registry.host}/team/${app}`, digest, contentKey: 'k', reused: false },
    ]),
  );
  await rig.client
    .resource(kinds.configmaps, RUNS)
    .patch(RUN, { data: { 'images.json': JSON.stringify(images) } }, { type: 'merge' });
};
