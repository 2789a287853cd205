/** The Tasks and Pipelines of a release are those that `kubectl apply -f tasks/ -f pipeline/` makes. */

import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseChartObjects, type ChartObject } from './rig/chart-object.ts';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { CHECKOUT, renderGood, type Release } from './rig/render-release.ts';

const CATALOG_KINDS = ['Task', 'Pipeline'];
const RELEASE_LABEL = 'helm.sh/chart';
const OURS = /^(?:tekton-dag\.io\/catalog-|argocd\.argoproj\.io\/sync-wave$)/;

async function readCatalogFiles(): Promise<ChartObject[]> {
  const folders = await Promise.all(
    ['tasks', 'pipeline'].map(async (folder) => {
      const names = await readdir(`${CHECKOUT}/${folder}`);
      return names.filter((name) => name.endsWith('.yaml')).map((name) => `${CHECKOUT}/${folder}/${name}`);
    }),
  );
  const texts = await Promise.all(folders.flat().map((file) => readFile(file, 'utf8')));
  return texts.flatMap(parseChartObjects).filter(({ kind }) => CATALOG_KINDS.includes(kind));
}

async function renderCatalog(release: Release = {}): Promise<ChartObject[]> {
  const objects = parseChartObjects(await renderGood(release));
  return objects.filter(({ kind }) => CATALOG_KINDS.includes(kind));
}

/** As the file has it: without what the release adds, which is all that may differ. */
function asInFile({ metadata, ...rest }: ChartObject): unknown {
  const { labels, annotations, namespace: _, ...other } = metadata;
  return {
    ...rest,
    metadata: {
      ...other,
      labels: Object.fromEntries(Object.entries(labels).filter(([key]) => key !== RELEASE_LABEL)),
      annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => !OURS.test(key))),
    },
  };
}

const byName = (a: ChartObject, b: ChartObject): number =>
  `${a.kind} ${a.metadata.name}` < `${b.kind} ${b.metadata.name}` ? -1 : 1;

describeWithHelm('the catalog of a release', () => {
  it('is that of the files, object by object', async () => {
    const [files, rendered] = await Promise.all([readCatalogFiles(), renderCatalog()]);
    expect(files.length).toBeGreaterThan(15);
    expect(rendered.toSorted(byName).map(asInFile)).toEqual(files.toSorted(byName).map(asInFile));
  });

  it('carries no label that a selector could use, since Tekton copies labels to runs and pods', async () => {
    const rendered = await renderCatalog({ set: { 'commonLabels.team': 'shop' } });
    const keys = new Set(rendered.flatMap(({ metadata }) => Object.keys(metadata.labels)));
    expect(keys.has(RELEASE_LABEL)).toBe(true);
    for (const part of ['name', 'instance', 'component']) {
      expect(keys).not.toContain(`app.kubernetes.io/${part}`);
    }
    expect(keys).not.toContain('team');
  });

  it('says on its Pipelines what it was made of', async () => {
    const revision = '0123456789abcdef0123456789abcdef01234567';
    const url = 'https://github.com/acme/tekton-dag';
    const rendered = await renderCatalog({ set: { 'catalog.revision': revision, 'catalog.url': url } });
    const pipelines = rendered.filter(({ kind }) => kind === 'Pipeline');
    for (const { metadata } of pipelines) {
      expect(metadata.annotations).toMatchObject({
        'tekton-dag.io/catalog-revision': revision,
        'tekton-dag.io/catalog-url': url,
        'tekton-dag.io/catalog-digest': expect.stringMatching(/^(?:sha256:)?[0-9a-f]{64}$/),
      });
    }
  });

  it.each([
    ['existing', {}],
    ['git', { 'catalog.url': 'https://github.com/acme/tekton-dag', 'catalog.revision': 'a'.repeat(40) }],
  ])('is not installed when it comes from %s', async (source, set) => {
    expect(await renderCatalog({ set: { 'catalog.source': source, ...set } })).toEqual([]);
  });
});
