import { describe, expect, it } from 'vitest';
import type { RunProvenance } from '../catalog/run-provenance.ts';
import type { Plan } from '../plan/plan.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { renderPipelineRun } from './render-pipeline-run.ts';
import { renderRepeatedRun, type RepeatOptions } from './render-repeated-run.ts';

const platformSha = 'a'.repeat(40);
const catalogSha = 'b'.repeat(40);
const digest = `sha256:${'c'.repeat(64)}`;
const url = 'https://github.com/acme/tekton-dag';

const asked = renderPipelineRun({
  name: 'stack-pr-7-abcdefgh',
  namespace: 'ci',
  mode: 'pr',
  params: {
    'git-url': 'https://github.com/acme/platform',
    'git-revision': 'main',
    'app-revisions': '{"api":"feature","old":"v1"}',
    traceparent: '00-1-2-01',
    team: 'shop',
  },
  labels: { 'tekton-dag.io/team': 'shop', 'tekton-dag.io/pull-request': '7' },
  annotations: { 'tekton-dag.io/sha': 'feature' },
  workspaces: [{ name: 'ssh-key', secret: { secretName: 'key' } }],
  timeouts: { pipeline: '30m0s' },
});
/** As Tekton leaves it. */
const ended: PipelineRun = {
  ...asked,
  metadata: {
    ...asked.metadata,
    labels: {
      ...asked.metadata.labels,
      'tekton.dev/pipeline': 'stack-pr-test',
      'app.kubernetes.io/version': '0.1.0',
    },
    annotations: {
      ...asked.metadata.annotations,
      'chains.tekton.dev/signed': 'true',
      'tekton-dag.io/catalog-url': url,
      'tekton-dag.io/catalog-revision': catalogSha,
      'tekton-dag.io/catalog-digest': digest,
    },
  },
  status: {
    conditions: [{ type: 'Succeeded', status: 'False' }],
    results: [{ name: 'platform-revision', value: platformSha }],
  },
};
const build = { app: 'api', revision: '1'.repeat(40) };
const test = { app: 'web', revision: '2'.repeat(40) };
const plan: Plan = JSON.parse(JSON.stringify({ buildApps: [build], tests: [test, build] }));
const repeat = (run: PipelineRun, options: Partial<RepeatOptions> = {}) =>
  renderRepeatedRun(run, { plan, recorded: undefined, installed: undefined, attempt: 1, ...options });
const made = (run: PipelineRun, options: Partial<RepeatOptions> = {}): PipelineRun => {
  const rendered = repeat(run, options);
  if (!rendered.ok) throw new Error(rendered.error.message);
  return rendered.value;
};
const without = (run: PipelineRun, annotation: string): PipelineRun => {
  const { [annotation]: _gone, ...annotations } = run.metadata.annotations ?? {};
  return { ...run, metadata: { ...run.metadata, annotations } };
};

describe('a repeated run', () => {
  it('asks for the commits that the run came to, in place of the branches that it asked for', () => {
    const params = Object.fromEntries(made(ended).spec.params?.map(({ name, value }) => [name, value]) ?? []);
    expect(params).toEqual({
      'git-url': 'https://github.com/acme/platform',
      'git-revision': platformSha,
      'app-revisions': JSON.stringify({ api: build.revision, old: 'v1', web: test.revision }),
      'catalog-url': url,
      'catalog-revision': catalogSha,
      team: 'shop',
    });
  });

  it('fetches the catalog at the commit of the run', () => {
    expect(made(ended, { tokenSecret: 'reader' }).spec.pipelineRef).toEqual({
      resolver: 'git',
      params: [
        { name: 'url', value: url },
        { name: 'revision', value: catalogSha },
        { name: 'pathInRepo', value: 'pipeline/pinned/stack-pr-test.yaml' },
        { name: 'gitToken', value: 'reader' },
      ],
    });
  });

  it('uses the installed catalog when that is still the one of the run', () => {
    const again = made(ended, { installed: { digest, pinned: false } });
    expect(again.spec.pipelineRef).toEqual({ name: 'stack-pr-test' });
    expect(again.metadata.annotations).not.toHaveProperty('tekton-dag.io/catalog-digest');
  });

  it('keeps what is ours and says which run it repeats', () => {
    const { metadata, spec } = made(ended, { annotations: { 'tekton-dag.io/attempt': '2' }, pending: true });
    expect(metadata.name).toMatch(/^stack-pr-7-[a-z2-7]{8}$/);
    expect(metadata.name).not.toBe(ended.metadata.name);
    expect(metadata.annotations).toMatchObject({
      'tekton-dag.io/repeats': 'stack-pr-7-abcdefgh',
      'tekton-dag.io/sha': 'feature',
      'tekton-dag.io/attempt': '2',
    });
    expect(Object.keys({ ...metadata.labels, ...metadata.annotations }).join(' ')).not.toMatch(
      /tekton\.dev|version/,
    );
    expect(spec).toMatchObject({ ...asked.spec, params: expect.anything(), pipelineRef: expect.anything() });
    expect(spec.status).toBe('PipelineRunPending');
  });

  it('of code that is not trusted is not trusted either: the same registry, and still no workspaces', () => {
    const params = [
      ...(ended.spec.params ?? []),
      { name: 'image-registry', value: 'registry.example/untrusted' },
    ];
    const { workspaces: _none, ...spec } = ended.spec;
    const labels = { ...ended.metadata.labels, 'tekton-dag.io/trusted': 'false' };
    const stranger = { ...ended, metadata: { ...ended.metadata, labels }, spec: { ...spec, params } };
    const again = made(stranger);
    expect(again.metadata.labels).toMatchObject({ 'tekton-dag.io/trusted': 'false' });
    expect(again.spec.params).toContainEqual({ name: 'image-registry', value: 'registry.example/untrusted' });
    expect(again.spec).not.toHaveProperty('workspaces');
  });

  it('is one run however often it is asked for, but for the attempt', () => {
    expect(made(ended).metadata.name).toBe(made(ended).metadata.name);
    expect(made(ended, { attempt: 2 }).metadata.name).not.toBe(made(ended).metadata.name);
  });

  it('of a pinned run is pinned to the same commit', () => {
    const again = made(
      { ...made(ended), status: ended.status ?? {} },
      { installed: { digest, pinned: false } },
    );
    expect(again.spec.pipelineRef).toEqual(made(ended).spec.pipelineRef);
  });

  it('finds in the record what the run does not tell', () => {
    const recorded: RunProvenance = { platform: { revision: platformSha } };
    const { results: _results, ...status } = ended.status ?? {};
    const again = made({ ...ended, status }, { recorded });
    expect(again.spec.params).toContainEqual({ name: 'git-revision', value: platformSha });
  });
});

describe('what cannot be repeated is refused:', () => {
  const labelled = (mode: string): PipelineRun => ({
    ...ended,
    metadata: { ...ended.metadata, labels: { 'tekton-dag.io/mode': mode } },
  });
  it.each([
    { what: 'a release', run: labelled('merge'), reason: 'other-mode', words: 'is of mode merge' },
    {
      what: 'a continued run',
      run: labelled('continue'),
      reason: 'other-mode',
      words: 'is of mode continue',
    },
    { what: 'a run that goes on', run: asked, reason: 'not-finished', words: 'has not ended' },
    {
      what: 'a run without the commit of the platform',
      run: { ...ended, status: { conditions: ended.status?.conditions ?? [] } },
      reason: 'not-recorded',
      words: 'the commit of its platform repository',
    },
    {
      what: 'a run without a plan',
      run: ended,
      options: { plan: undefined },
      reason: 'not-recorded',
      words: 'the commits of its apps',
    },
    {
      what: 'a run whose annotations name no repository that git takes',
      run: {
        ...ended,
        metadata: {
          ...ended.metadata,
          annotations: { ...ended.metadata.annotations, 'tekton-dag.io/catalog-url': 'ext::sh -c id' },
        },
      },
      reason: 'not-recorded',
      words: 'repository and commit of its tasks',
    },
    {
      what: 'a run of an installed catalog that is gone',
      run: without(ended, 'tekton-dag.io/catalog-revision'),
      options: { installed: { digest: `sha256:${'d'.repeat(64)}`, pinned: false } },
      reason: 'not-recorded',
      words: 'others are installed now',
    },
  ])('$what', ({ run, options = {}, reason, words }) => {
    expect(repeat(run, options)).toMatchObject({
      ok: false,
      error: { reason, message: expect.stringContaining(words) },
    });
  });
});
