/** The shipped stack with the shipped apps on a real cluster, every image made by buildah. */

import { parseImages, parsePlan } from '@tekton-dag/model';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainOutcome } from '../rig/explain-outcome.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import { readClusterSettings } from './rig/cluster-settings.ts';
import { downloadPackages } from './rig/download-packages.ts';
import { servePackages, type PackageServer } from './rig/serve-packages.ts';

const checkout = resolve(import.meta.dirname, '../..');
const APPS = ['demo-fe', 'release-lifecycle-demo', 'demo-api'];
const IGNORED = /(^|\/)(node_modules|vendor|__pycache__)(\/|$)/;

let rig: ClusterRig;
let packages: PackageServer;

/** The app's own files; its image stands on one that the cluster has, and a RUN makes it a case for buildah. */
async function appFiles(app: string, toolsImage: string): Promise<Record<string, string>> {
  const directory = join(checkout, 'examples/apps', app);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => !IGNORED.test(path));
  const texts = await Promise.all(
    paths.map(async (path): Promise<[string, string]> => [
      path,
      await readFile(join(directory, path), 'utf8'),
    ]),
  );
  const files = Object.fromEntries(texts);
  const dockerfile = (files['Dockerfile'] ?? '').replace(/^FROM .*$/m, `FROM ${toolsImage}`);
  return { ...files, Dockerfile: dockerfile.replace(/^USER .*$/m, 'RUN echo made by buildah > /made-by') };
}

beforeAll(async () => {
  const { hostAddress, image, toolsImage } = await readClusterSettings(process.env);
  const files = await downloadPackages(
    { name: 'escape-html', version: '1.0.3' },
    { name: 'bottle', version: '0.13.4' },
  );
  packages = await servePackages(hostAddress, files);
  rig = await createClusterRig({
    team: {
      builderImage: process.env['BUILDER_IMAGE'] ?? image,
      packageProxies: { npm: packages.npm, pip: packages.pip },
    },
  });
  const stack = await readFile(join(checkout, 'stacks/stack-one.yaml'), 'utf8');
  await rig.pushPlatform({
    'stacks/stack-one.yaml': stack.replace('namespace: staging', `namespace: ${rig.appsNamespace}`),
    'stacks/versions.yaml': await readFile(join(checkout, 'stacks/versions.yaml'), 'utf8'),
  });
  for (const app of APPS) await rig.forge.push(`acme/${app}`, await appFiles(app, toolsImage));
});

afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await packages?.[Symbol.asyncDispose]();
});

describe('stack-one on a real cluster', () => {
  it('bootstraps: three images by buildah, three apps that answer', async () => {
    const run = await rig.run('bootstrap', 'stack-one');
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    const plan = parsePlan(run.record['plan.json'] ?? '');
    expect(plan.ok && plan.value.buildApps.map(({ builder }) => builder)).toEqual(APPS.map(() => 'buildah'));
    const images = parseImages(run.record['images.json'] ?? '');
    expect(images.ok && Object.keys(images.value).toSorted()).toEqual(APPS.toSorted());
    expect(packages.requests.filter((path) => /escape-html|bottle/.test(path))).not.toEqual([]);
  });

  it("tests a pull request with the apps' own Postman collections", async () => {
    const { toolsImage } = rig.settings;
    const files = await appFiles('demo-api', toolsImage);
    const sha = await rig.forge.push(
      'acme/demo-api',
      { 'README.md': `${files['README.md'] ?? ''}\n` },
      'change',
    );
    const change = `--app demo-api --repository acme/demo-api --pr 12 --sha ${sha}`;
    const run = await rig.run('pr', 'stack-one', ...change.split(' '));
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    expect(run.record['tests.json']).toContain('"passed"');
  });
});
