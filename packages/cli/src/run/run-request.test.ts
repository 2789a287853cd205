import { parseStack, parseTeam, type Stack, type Team } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { createRunRequest } from './run-request.ts';

const STACK = `
name: shop
apps:
  - name: web
    repo: acme/web
    role: frontend
    build: { tool: npm }
    downstream: [api]
  - name: api
    repo: acme/api
    role: persistence
    build: { tool: pip }
`;
const TEAM = `
name: payments
namespace: payments-ci
imageRegistry: registry.example/acme
interceptBackend: gateway
maxParallelBuilds: 3
stacks: [stacks/shop.yaml]
gitUrl: https://git.example/acme/platform
gitRevision: main
compileImages: { npm: registry.example/node }
hooks: { preBuild: scan, postTest: notify }
`;

function stack(): Stack {
  const parsed = parseStack(STACK, 'stacks/shop.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

function team(): Team {
  const parsed = parseTeam(TEAM, 'team.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

const change = { app: 'api', repository: 'acme/api', pullRequest: 7, sha: 'a'.repeat(40), attempt: 1 };
const base = { stack: stack(), stackFile: 'stacks/shop.yaml', team: team(), namespace: 'ci', params: {} };

const paramsOf = (run: ReturnType<typeof createRunRequest>): Record<string, unknown> =>
  Object.fromEntries((run.spec.params ?? []).map(({ name, value }) => [name, value]));

describe('createRunRequest', () => {
  it('gives a pull request the params of its team and its change', () => {
    const run = createRunRequest({ ...base, ...change, mode: 'pr' });
    expect(run.spec.pipelineRef).toEqual({ name: 'stack-pr-test' });
    expect(paramsOf(run)).toEqual({
      'app-revisions': JSON.stringify({ api: 'a'.repeat(40) }),
      'changed-app': 'api',
      'compile-image-npm': 'registry.example/node',
      'git-base-url': 'https://github.com',
      'git-revision': 'main',
      'git-url': 'https://git.example/acme/platform',
      'image-registry': 'registry.example/acme',
      'intercept-backend': 'gateway',
      'max-parallel-builds': '3',
      'post-test-task': 'notify',
      'pr-number': '7',
      'pr-repository': 'acme/api',
      'forge-host': 'github.com',
      'pre-build-task': 'scan',
      'stack-file': 'stacks/shop.yaml',
      'versions-file': 'stacks/versions.yaml',
      team: 'payments',
    });
  });

  it('names the same change the same, and another attempt differently', () => {
    const name = (attempt: number): string | undefined =>
      createRunRequest({ ...base, ...change, attempt, mode: 'pr' }).metadata.name;
    expect(name(1)).toBe(name(1));
    expect(name(1)).toMatch(/^stack-pr-7-[0-9a-z]{8}$/);
    expect(name(2)).not.toBe(name(1));
  });

  it('gives a bootstrap and a merge no params that their pipelines do not declare', () => {
    const bootstrap = createRunRequest({ ...base, mode: 'bootstrap', sha: 'main', attempt: 1 });
    const merge = createRunRequest({ ...base, ...change, mode: 'merge' });
    expect(Object.keys(paramsOf(bootstrap))).not.toContain('changed-app');
    expect(Object.keys(paramsOf(bootstrap))).not.toContain('intercept-backend');
    expect(Object.keys(paramsOf(merge))).toContain('pr-number');
    expect(Object.keys(paramsOf(merge))).not.toContain('post-test-task');
    expect(merge.metadata.labels).not.toHaveProperty('tekton-dag.io/session');
  });

  it('lets explicit params win, and carries any value unchanged', () => {
    const value = '"; $(id) `x` \n ü';
    const run = createRunRequest({ ...base, ...change, mode: 'pr', params: { 'git-url': value } });
    expect(paramsOf(run)['git-url']).toBe(value);
  });

  it('binds the key of the repositories only when a secret is named', () => {
    const withKey = createRunRequest({ ...base, ...change, mode: 'pr', sshSecret: 'git-key' });
    expect(withKey.spec.workspaces).toEqual([{ name: 'ssh-key', secret: { secretName: 'git-key' } }]);
    expect(createRunRequest({ ...base, ...change, mode: 'pr' }).spec).not.toHaveProperty('workspaces');
  });
});
