/** createPlatformRepository: a platform repository with what this checkout delivers, served to the cluster. */

import { createTempForge } from '@tekton-dag/steps/testing';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OWNER } from '../../rig/render-stack.ts';
import { serveGit } from '../../cluster/rig/serve-git.ts';

const CHECKOUT = resolve(import.meta.dirname, '../../..');
const DELIVERED = ['argocd', 'helm', 'pipeline', 'tasks'];
const REPOSITORY = `${OWNER}/platform`;

/** Path to content; undefined removes the file or the directory. */
export type FileChanges = Readonly<Record<string, string | undefined>>;

export interface PlatformRepository extends AsyncDisposable {
  readonly url: string;
  /** Its working tree. */
  readonly directory: string;
  /** Commits the changes to main and returns the commit. */
  push(changes: FileChanges): Promise<string>;
  /** Takes a component of argocd/ in, as its kustomization.yaml says how. */
  switchOn(component: string): Promise<void>;
}

async function applyChanges(directory: string, changes: FileChanges): Promise<void> {
  for (const [path, text] of Object.entries(changes)) {
    const file = join(directory, path);
    await rm(file, { recursive: true, force: true });
    if (text === undefined) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Where settings.yaml says what is delivered, it says this repository. */
function renderSettings(url: string): string {
  const metadata = { name: 'settings', annotations: { 'config.kubernetes.io/local-config': 'true' } };
  const data = { repoURL: url, revision: 'main', podSecurity: 'baseline' };
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
}

/** Without teams and stacks: those are the test's. `address` is one that pods reach. */
export async function createPlatformRepository(address: string): Promise<PlatformRepository> {
  await using cleanups = new AsyncDisposableStack();
  const forge = cleanups.use(await createTempForge());
  const server = cleanups.use(await serveGit(join(forge.directory, 'bare'), address));
  const directory = join(forge.directory, 'work', REPOSITORY);
  const url = `${server.url}/${REPOSITORY}.git`;
  await forge.push(REPOSITORY, { 'teams/README.md': 'Folders of teams.\n', 'stacks/README.md': 'Stacks.\n' });
  for (const part of DELIVERED) {
    await cp(join(CHECKOUT, part), join(directory, part), { recursive: true, verbatimSymlinks: true });
  }
  await forge.push(REPOSITORY, { 'argocd/settings.yaml': renderSettings(url) });
  const kept = cleanups.move();
  return {
    url,
    directory,
    async push(changes) {
      await applyChanges(directory, changes);
      return await forge.push(REPOSITORY, {});
    },
    async switchOn(component) {
      const file = join(directory, 'argocd/kustomization.yaml');
      const text = await readFile(file, 'utf8');
      await writeFile(
        file,
        text.replace('components: []', 'components:').replace(`# - ${component}`, `- ${component}`),
      );
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
