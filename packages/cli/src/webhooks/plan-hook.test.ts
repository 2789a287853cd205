import { describe, expect, it } from 'vitest';
import type { Stack } from '@tekton-dag/model';
import { parseStack } from '@tekton-dag/model';
import { findRepositories } from './find-repositories.ts';
import { planHook, type Hook } from './plan-hook.ts';

const wish = { url: 'https://ci.example/webhook/github', events: ['pull_request'] };
const hook = (fields: Partial<Hook>, config: object = {}): Hook => ({
  id: 1,
  active: true,
  events: ['pull_request'],
  config: { url: wish.url, content_type: 'json', insecure_ssl: '0', ...config },
  ...fields,
});

describe('planHook', () => {
  it('makes one where there is none with our URL', () => {
    const foreign = hook({}, { url: 'https://other.example' });
    expect(planHook([foreign], wish)).toEqual({
      action: 'create',
      id: undefined,
      reasons: [],
      duplicates: [],
    });
  });

  it('keeps the one that is as wanted', () => {
    expect(planHook([hook({ id: 7 })], wish)).toMatchObject({ action: 'keep', id: 7, reasons: [] });
  });

  it.each([
    ['inactive', hook({ active: false }), 'it is not active'],
    ['of other events', hook({ events: ['push', 'issues'] }), 'its events are issues, push'],
    ['a form', hook({}, { content_type: undefined }), 'its content type is form'],
    ['without TLS verification', hook({}, { insecure_ssl: 1 }), 'it does not verify TLS'],
  ])('updates one that is %s', (_title, present, reason) => {
    expect(planHook([present], wish)).toMatchObject({ action: 'update', reasons: [reason] });
  });

  it('takes the oldest of several with our URL, and names the others', () => {
    expect(planHook([hook({ id: 9 }), hook({ id: 3 })], wish)).toMatchObject({ id: 3, duplicates: [9] });
  });
});

describe('findRepositories', () => {
  const stack = (...repos: string[]): Stack => {
    const apps = repos.map(
      (repo, index) => `  - {name: a${index}, repo: ${repo}, role: standalone, build: {tool: none}}`,
    );
    const parsed = parseStack(`name: s\napps:\n${apps.join('\n')}\n`, 's.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    return parsed.value;
  };

  it('names each repository of the forge once, whatever its case', () => {
    const stacks = [
      stack('acme/web', 'acme/api'),
      stack('Acme/API', 'github.com/acme/web', 'git.example/acme/x'),
    ];
    expect(findRepositories(stacks, 'github.com')).toEqual(['Acme/API', 'acme/web']);
    expect(findRepositories(stacks, 'git.example')).toContain('acme/x');
  });
});
