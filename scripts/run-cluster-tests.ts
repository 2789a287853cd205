/**
 * Runs the tests that need a Kubernetes with Tekton, and ends with one line: `N passed, N failed`. The cluster is
 * KUBECONFIG's, images go to REGISTRY; docs/testing.md has the other settings. Names of vitest projects choose some;
 * without any all run, those of Argo CD where it is installed.
 */

import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runVitest } from './run-vitest.ts';

const IMAGES = ['tekton-dag', 'tekton-dag-build-buildah'] as const;

interface BuiltImage {
  readonly name: string;
  /** With its digest. */
  readonly image: string;
}

/** Pushes the images of this checkout; those that the registry has are left as they are. */
function publishImages(registry: string): readonly BuiltImage[] {
  const base = process.env['BASE_IMAGE'] ?? '';
  const build = ['images', 'build', '--push', '--registry', registry, '--only', ...IMAGES, '-o', 'json'];
  const { status, stdout } = spawnSync(
    process.execPath,
    ['packages/cli/bin/tekton-dag.js', ...build, ...(base === '' ? [] : ['--base', `node24=${base}`])],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 1 << 24 },
  );
  if (status !== 0) process.exit(status ?? 1);
  const images: readonly BuiltImage[] = JSON.parse(stdout);
  return images;
}

function hasArgoCd(env: NodeJS.ProcessEnv): boolean {
  const asked = spawnSync('kubectl', ['get', 'namespace', 'argocd'], { env, stdio: 'ignore' });
  return asked.status === 0;
}

/** Without kubectl nothing is known of Argo CD, and its tests would need kubectl. */
function chooseProjects(env: NodeJS.ProcessEnv): readonly string[] {
  const named = process.argv.slice(2);
  if (named.length > 0) return named;
  if (hasArgoCd(env)) return ['cluster', 'argocd', 'conformance'];
  console.log('namespace argocd is not there: the tests of Argo CD do not run');
  return ['cluster', 'conformance'];
}

const registry = process.env['REGISTRY'] ?? '';
if (registry === '') {
  console.error(
    'make test-cluster needs REGISTRY: host:port of a registry that this machine and the cluster reach',
  );
  process.exit(2);
}
const images = publishImages(registry);
const imageOf = (name: (typeof IMAGES)[number]): string =>
  images.find((image) => image.name === name)?.image ?? '';
const env = {
  KUBECONFIG: join(homedir(), '.kube/config'),
  TEKTON_DAG_IMAGE: imageOf('tekton-dag'),
  BUILDER_IMAGE: imageOf('tekton-dag-build-buildah'),
  ...process.env,
};
const { passed, failed } = runVitest(chooseProjects(env), env);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
