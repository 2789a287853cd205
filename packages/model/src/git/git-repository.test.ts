import { describe, expect, it } from 'vitest';
import { gitUrlOf, parseGitRepository } from './git-repository.ts';

function urlOf(base: string, text: string): string {
  const repository = parseGitRepository(text);
  if (!repository.ok) throw new Error(repository.error.message);
  return gitUrlOf(base, repository.value);
}

describe('parseGitRepository', () => {
  it('reads owner and name, with or without a host', () => {
    expect(parseGitRepository('acme/demo-fe')).toEqual({
      ok: true,
      value: { owner: 'acme', name: 'demo-fe', fullName: 'acme/demo-fe' },
    });
    expect(parseGitRepository('git.example.com:8443/acme/.github')).toMatchObject({
      value: { host: 'git.example.com:8443', fullName: 'acme/.github' },
    });
  });

  it.each([
    '',
    'demo-fe',
    'acme/',
    '/demo-fe',
    'a/b/c/d',
    'acme/..',
    '../acme',
    'acme/a b',
    '-x/y',
    'acme/$(id)',
    'https://github.com/acme/x',
    'acme/x\n',
  ])('refuses %j', (text) => {
    expect(parseGitRepository(text)).toMatchObject({ ok: false, error: { reason: 'invalid-repository' } });
  });
});

describe('gitUrlOf', () => {
  it.each([
    ['https://github.com', 'acme/x', 'https://github.com/acme/x.git'],
    ['https://github.com/', 'github.com/acme/x', 'https://github.com/acme/x.git'],
    ['https://github.com', 'git.example.com/acme/x', 'https://git.example.com/acme/x.git'],
    ['http://127.0.0.1:3000/git', 'acme/x', 'http://127.0.0.1:3000/git/acme/x.git'],
    ['ssh://git@github.com', 'acme/x', 'ssh://git@github.com/acme/x.git'],
    ['ssh://git@github.com', 'other.example/acme/x', 'ssh://git@other.example/acme/x.git'],
    ['git@github.com', 'acme/x', 'git@github.com:acme/x.git'],
    ['git@github.com:', 'acme/x', 'git@github.com:acme/x.git'],
    ['git@github.com', 'other.example/acme/x', 'git@other.example:acme/x.git'],
    ['file:///srv/git', 'acme/x', 'file:///srv/git/acme/x.git'],
    ['file:///srv/git', 'github.com/acme/x', 'file:///srv/git/acme/x.git'],
  ])('on %s makes of %s %s', (base, repository, url) => {
    expect(urlOf(base, repository)).toBe(url);
  });
});
