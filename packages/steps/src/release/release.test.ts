import type { PlannedBuild } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { planVersionCommit } from './plan-version-commit.ts';
import { parseTrailers, renderTrailer } from './release-trailer.ts';

const build = (app: string, revision: string): PlannedBuild => ({
  app,
  revision,
  repository: `acme/${app}`,
  tree: 't',
  contentKey: 'k',
  image: `r/${app}`,
  tags: [],
  tool: 'none',
  contextDir: '.',
  dockerfile: 'Dockerfile',
  builder: 'append',
  build: { tool: 'none', runtime: 'custom', env: {} },
});
const sha = 'a'.repeat(40);
const text = 'apps:\n  api: { version: 1.2.3-rc.4 }\n';

describe('release trailers', () => {
  it('are found again among other text', () => {
    const release = { app: 'api', sha, released: '1.2.3', next: '1.2.4-rc.0' };
    expect(parseTrailers(`Release\n\n${renderTrailer(release)}\n\nOther: x\n`)).toEqual([release]);
    expect(parseTrailers('Tekton-Dag-Release: nonsense')).toEqual([]);
  });
});

describe('planVersionCommit', () => {
  it('releases each app once per commit', () => {
    const first = planVersionCommit([build('api', sha), build('new', sha)], {
      text,
      history: [],
      overrides: {},
    });
    expect(first.releases).toMatchObject([{ released: '1.2.3' }, { released: '0.1.0' }]);
    const history = parseTrailers(first.message);
    const again = planVersionCommit([build('api', sha)], { text: first.text ?? '', history, overrides: {} });
    expect(again).toMatchObject({ text: undefined, releases: [{ released: '1.2.3' }] });
    const other = planVersionCommit([build('api', 'b'.repeat(40))], {
      text: first.text ?? '',
      history,
      overrides: {},
    });
    expect(other.releases).toMatchObject([{ released: '1.2.4' }]);
  });

  it('takes the version of an override', () =>
    expect(
      planVersionCommit([build('api', sha)], { text, history: [], overrides: { api: '2.0.0-rc.0' } })
        .releases,
    ).toMatchObject([{ released: '2.0.0', next: '2.0.1-rc.0' }]));
});
