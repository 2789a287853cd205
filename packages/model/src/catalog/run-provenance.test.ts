import { describe, expect, it } from 'vitest';
import { renderPipelineRun } from '../tekton/render-pipeline-run.ts';
import { describeProvenance, provenanceOf } from './run-provenance.ts';

const platformSha = 'a'.repeat(40);
const catalogSha = 'b'.repeat(40);
const digest = `sha256:${'c'.repeat(64)}`;
const results = [{ name: 'platform-revision', value: `${platformSha}\n` }];
const made = renderPipelineRun({
  name: 'r',
  namespace: 'ci',
  mode: 'verify',
  params: { 'git-url': 'https://me:hunter2@github.com/acme/platform' },
});
const annotate = (annotations: Record<string, string>) => ({
  ...made,
  metadata: { ...made.metadata, annotations },
});

describe('provenanceOf', () => {
  it('knows nothing of a run that has not begun', () => {
    expect(provenanceOf(made)).toEqual({});
    expect(describeProvenance({})).toBe('');
  });

  it('reads what the run leaves and what Tekton copied of the pipeline, and repeats no password', () => {
    const run = {
      ...annotate({
        'tekton-dag.io/catalog-url': 'https://github.com/acme/tekton-dag',
        'tekton-dag.io/catalog-revision': catalogSha,
        'tekton-dag.io/catalog-digest': digest,
      }),
      status: { results },
    };
    const provenance = provenanceOf(run);
    expect(provenance).toEqual({
      platform: { url: 'https://github.com/acme/platform', revision: platformSha },
      catalog: { url: 'https://github.com/acme/tekton-dag', revision: catalogSha, digest, pinned: false },
    });
    expect(describeProvenance(provenance)).toBe('platform aaaaaaaaaaaa, catalog bbbbbbbbbbbb');
  });

  it('believes the resolver of a pinned run, not annotations', () => {
    const pinned = renderPipelineRun({
      name: 'r',
      namespace: 'ci',
      mode: 'verify',
      params: {},
      annotations: { 'tekton-dag.io/catalog-digest': digest },
      catalog: { url: 'git://10.0.0.1/c.git', revision: catalogSha },
    });
    expect(provenanceOf(pinned).catalog).toEqual({
      url: 'git://10.0.0.1/c.git',
      revision: catalogSha,
      pinned: true,
    });
    expect(describeProvenance(provenanceOf(pinned))).toBe('catalog bbbbbbbbbbbb (fetched)');
  });

  it('names an installed catalog without a commit by its digest, and passes over what is malformed', () => {
    const run = annotate({
      'tekton-dag.io/catalog-revision': 'main',
      'tekton-dag.io/catalog-digest': digest,
    });
    expect(provenanceOf(run)).toEqual({ catalog: { digest, pinned: false } });
    expect(describeProvenance(provenanceOf(run))).toBe('catalog sha256:cccccccccccc');
    expect(
      provenanceOf({ ...made, status: { results: [{ name: 'platform-revision', value: '' }] } }),
    ).toEqual({});
  });
});
