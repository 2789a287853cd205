import { describe, expect, it } from 'vitest';
import { renderContinuedRun } from '../tekton/render-continued-run.ts';
import { renderPipelineRun } from '../tekton/render-pipeline-run.ts';
import { parsePinnedCatalog, pinnedCatalogOf, pipelineNameOf, type PinnedCatalog } from './pinned-catalog.ts';

const revision = '0123456789abcdef0123456789abcdef01234567';
const catalog: PinnedCatalog = { url: 'https://github.com/acme/tekton-dag', revision, tokenSecret: 'reader' };
const run = renderPipelineRun({
  name: 'stack-pr-7-abcdefgh',
  namespace: 'ci',
  mode: 'pr',
  params: { team: 'shop' },
  labels: { 'tekton-dag.io/pull-request': '7' },
  catalog,
});

describe('a pinned run', () => {
  it('has Tekton fetch the pipeline at the commit, and tells the pipeline the same', () => {
    expect(run.spec.pipelineRef).toEqual({
      resolver: 'git',
      params: [
        { name: 'url', value: catalog.url },
        { name: 'revision', value: revision },
        { name: 'pathInRepo', value: 'pipeline/pinned/stack-pr-test.yaml' },
        { name: 'gitToken', value: 'reader' },
      ],
    });
    expect(run.spec.params).toEqual([
      { name: 'catalog-revision', value: revision },
      { name: 'catalog-secret', value: 'reader' },
      { name: 'catalog-url', value: catalog.url },
      { name: 'team', value: 'shop' },
    ]);
  });

  it('is found to be pinned, and by the name of its pipeline', () => {
    expect(pinnedCatalogOf(run)).toEqual(catalog);
    expect(pipelineNameOf(run)).toBe('stack-pr-test');
  });

  it('is continued with the same commit', () => {
    const failed = { ...run, status: { conditions: [{ type: 'Succeeded', status: 'False' as const }] } };
    const continued = renderContinuedRun(failed, { attempt: 1 });
    expect(continued.ok && pinnedCatalogOf(continued.value)).toEqual(catalog);
    expect(continued.ok && pipelineNameOf(continued.value)).toBe('stack-pr-continue');
  });
});

it('an installed pipeline is no pinned one', () => {
  const installed = renderPipelineRun({ name: 'r', namespace: 'ci', mode: 'verify', params: {} });
  expect(pinnedCatalogOf(installed)).toBeUndefined();
  expect(pipelineNameOf(installed)).toBe('stack-dag-verify');
  expect(pipelineNameOf({ spec: {} })).toBe('');
});

describe('parsePinnedCatalog', () => {
  it.each([
    'https://github.com/acme/tekton-dag.git',
    'git://10.0.0.1/repo.git',
    'ssh://git@github.com/acme/x',
    'git@github.com:acme/x.git',
    'file:///srv/repo',
  ])('takes %s', (url) => {
    expect(parsePinnedCatalog({ url, revision })).toEqual({ ok: true, value: { url, revision } });
  });

  it('says nothing where nothing is asked for', () => {
    expect(parsePinnedCatalog({ url: undefined, revision: undefined })).toEqual({
      ok: true,
      value: undefined,
    });
  });

  it.each([
    ['a URL without a commit', { url: catalog.url, revision: undefined }, 'both its URL and its commit'],
    ['a commit without a URL', { url: undefined, revision }, 'both its URL and its commit'],
    ['a branch', { url: catalog.url, revision: 'main' }, '40 hexadecimal digits'],
    ['a short commit', { url: catalog.url, revision: revision.slice(1) }, '40 hexadecimal digits'],
    ['an option of git', { url: '--upload-pack=touch x', revision }, 'one that git takes'],
    ['a path', { url: '/srv/repo', revision }, 'one that git takes'],
    ['a helper of git', { url: 'ext::sh -c id', revision }, 'one that git takes'],
    ['a line end', { url: 'https://x/\ny', revision }, 'one that git takes'],
    ['a password', { url: 'https://me:hunter2@github.com/acme/x', revision }, 'no user and no password'],
    ['a Secret of no name', { ...catalog, tokenSecret: 'Not A Name' }, 'the name of a Secret'],
  ])('refuses %s, and repeats no secret', (_what, wish, words) => {
    const parsed = parsePinnedCatalog(wish);
    expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining(words) });
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });
});
