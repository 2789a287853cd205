/** Stack files as the chart takes them: anything that is no stack is answered with words, and what is one has its rights. */

import { expect, it } from 'vitest';
import { idOf, parseChartObjects } from './rig/chart-object.ts';
import { describeWithHelm } from './rig/describe-with-helm.ts';
import { renderGood, renderRelease } from './rig/render-release.ts';

const FILE = 'stacks/shop.yaml';
const withStack = (text: string): Readonly<Record<string, unknown>> => ({
  stacks: [FILE],
  stackFiles: { [FILE]: text },
});

const NO_APPS = 'it has no list of apps with name and repo';

describeWithHelm('a stack file', () => {
  it.each([
    ['apps: x', NO_APPS],
    ['apps: [1]', NO_APPS],
    ['apps: { a: b }', NO_APPS],
    ['apps: [{ name: 1, repo: 2 }]', NO_APPS],
    ['apps: [{ name: a, repo: b/c, namespace: 7 }]', NO_APPS],
    ['defaults: { namespace: [a] }\napps: [{ name: a, repo: b/c }]', NO_APPS],
    ['name: shop', NO_APPS],
    ['a: b: c', 'mapping values are not allowed'],
    ['[1, 2]', 'cannot unmarshal array'],
  ])('with %j is refused with its place', async (text, words) => {
    const { code, stderr } = await renderRelease({ set: withStack(text) });
    expect(code).toBe(1);
    expect(stderr).toContain(`\nstacks[0]: "${FILE}" is not a stack file (`);
    expect(stderr).toContain(words);
  });

  it('puts no app into a namespace of the cluster, nor into one that has no name', async () => {
    const text = `
defaults: { namespace: kube-system }
apps:
  - { name: web, repo: acme/web }
  - { name: api, repo: acme/api, namespace: 'A b' }
`;
    const { stderr } = await renderRelease({ set: withStack(text) });
    expect(stderr).toContain('\nstacks[0]: "kube-system" is a reserved namespace (');
    expect(stderr).toContain('\nstacks[0]: "A b" is not a DNS label (');
  });

  it('gives the pipelines their rights in each namespace that it names, and nowhere else', async () => {
    const text = `
defaults: { namespace: shop-apps }
apps:
  - { name: web, repo: acme/web }
  - { name: api, repo: acme/api, namespace: shop-api }
`;
    const rendered = await renderGood({ name: 'tekton-dag', namespace: 'shop', set: withStack(text) });
    const deployers = parseChartObjects(rendered)
      .filter(({ kind, metadata }) => kind === 'RoleBinding' && metadata.name.includes('apps-deployer'))
      .map(idOf);
    expect(deployers).toEqual([
      'RoleBinding shop-api/tekton-dag-apps-deployer-shop',
      'RoleBinding shop-apps/tekton-dag-apps-deployer-shop',
    ]);
  });

  it('needs no rights elsewhere when its apps are where the runs are', async () => {
    const set = withStack('apps: [{ name: web, repo: acme/web }]');
    const objects = parseChartObjects(await renderGood({ namespace: 'shop', set }));
    expect(new Set(objects.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['shop']));
    expect(objects.map(idOf)).toContain('RoleBinding shop/tekton-dag-apps-deployer');
  });

  it('is found by an orchestrator that reads ConfigMaps of its namespace', async () => {
    const text = 'apps: [{ name: web, repo: acme/web }]';
    const objects = parseChartObjects(await renderGood({ set: withStack(text) }));
    const maps = objects.filter(
      ({ kind, metadata }) =>
        kind === 'ConfigMap' && metadata.labels['app.kubernetes.io/component'] === 'platform',
    );
    expect(maps.map((map) => Object.keys(Object(map['data'])))).toEqual([
      ['default.team.yaml', 'shop.stack.yaml'],
    ]);
  });

  it.each([
    ['whose first line is indented', '   # Ours.\napps: [{ name: web, repo: acme/web }]\n'],
    ['that begins with an empty line', '\n\n  # Ours.\napps: [{ name: web, repo: acme/web }]\n'],
    [
      'with a document separator in a text',
      "description: |\n  a\n  ---\n  b\napps: [{ name: 'a', repo: b/c }]\n",
    ],
  ])('arrives as it is: one %s', async (_, text) => {
    const objects = parseChartObjects(await renderGood({ set: withStack(text) }));
    const found = objects.find(({ metadata }) => metadata.name.endsWith('-platform'));
    expect(Object(found?.['data'])['shop.stack.yaml']).toBe(text);
  });

  it('is refused beside another that an orchestrator could not tell from it', async () => {
    const text = 'apps: [{ name: web, repo: acme/web }]';
    const files = ['stacks/shop.yaml', 'stacks/shop.yml'];
    const stackFiles = Object.fromEntries(files.map((file) => [file, text]));
    const { stderr } = await renderRelease({ set: { stacks: files, stackFiles } });
    expect(stderr).toContain('stacks: "stacks/shop.yaml" and "stacks/shop.yml" would be one file');
  });
});
