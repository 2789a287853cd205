import { parseTeam, type Team } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { toRunOptions, type GenerateOptions } from './generate-options.ts';

const registry = { repos: { 'demo-api': { stack: 'stack-one.yaml' } } };
const base: GenerateOptions = { mode: 'pr', stack: 'stacks/one.yaml', app: 'demo-api', pr: 4, attempt: 1 };

function readTeam(): Team {
  const team = parseTeam(
    '{name: a, imageRegistry: reg.example/a, gitUrl: "https://g/p", stacks: []}',
    't.yaml',
  );
  if (!team.ok) throw new Error(JSON.stringify(team.error));
  return team.value;
}

const map = (options: Partial<GenerateOptions>, variables = {}): ReturnType<typeof toRunOptions> =>
  toRunOptions({ ...base, ...options }, { variables, registry, team: undefined });

describe('toRunOptions', () => {
  it('takes stack and app from the registry', () => {
    const { stack: _stack, app: _app, ...rest } = base;
    const options = toRunOptions({ ...rest, repo: 'demo-api' }, { variables: {}, registry, team: undefined });
    expect(options).toMatchObject({ stack: 'stacks/stack-one.yaml', app: 'demo-api' });
    expect(() =>
      toRunOptions({ ...rest, repo: 'demo-ap' }, { variables: {}, registry, team: undefined }),
    ).toThrow('stacks/registry.yaml has no app demo-ap');
    expect(() => map({ repo: 'demo-api' })).toThrow('either a stack');
    expect(() => toRunOptions(rest, { variables: {}, team: undefined })).toThrow('either a stack');
  });

  it('looks for a bare file name in stacks/', () => {
    expect(map({ stack: 'one.yaml' }).stack).toBe('stacks/one.yaml');
  });

  it('builds main unless a revision is given; a revision holds everything after the first colon', () => {
    expect(map({})).toMatchObject({ sha: 'main', param: ['app-revisions={"demo-api":"main"}'] });
    const given = map({ appRevision: ['demo-api:refs/a:b'], appRevisionsJson: '{"demo-fe":"v1"}' });
    expect(given.sha).toBe('refs/a:b');
    expect(given.param).toEqual(['app-revisions={"demo-api":"refs/a:b","demo-fe":"v1"}']);
    expect(() => map({ appRevision: ['demo-api'] })).toThrow('--app-revision takes app:revision');
  });

  it('lets flags win over variables, and passes empty variables over', () => {
    const variables = {
      GIT_URL: 'https://g/v',
      GIT_REVISION: '',
      IMAGE_REGISTRY: 'r',
      GIT_SSH_SECRET_NAME: 's',
    };
    const options = map({ gitUrl: 'https://g/flag' }, variables);
    expect(options).toMatchObject({ gitUrl: 'https://g/flag', registry: 'r', sshSecret: 's' });
    expect(options).not.toHaveProperty('gitRevision');
  });

  it('names the build images of the registry, the team’s if no flag names one, or none at all', () => {
    const images = (options: Partial<GenerateOptions>, team?: Team): readonly string[] =>
      toRunOptions({ ...base, ...options }, { variables: {}, team }).param?.slice(1) ?? [];
    expect(images({ buildImages: true, registry: 'r' })[0]).toBe(
      'compile-image-npm=r/tekton-dag-build-node:latest',
    );
    expect(images({ buildImages: true }, readTeam())[3]).toBe(
      'compile-image-pip=reg.example/a/tekton-dag-build-python:latest',
    );
    expect(images({ buildImages: false })).toContain('compile-image-maven=');
    expect(images({})).toEqual([]);
    expect(() => images({ buildImages: true })).toThrow('--build-images needs --registry or --team');
  });
});
