import { describe, expect, it } from 'vitest';
import { withoutCredentials } from './git.ts';
import { chooseRevision } from './resolve-revision.ts';

describe('chooseRevision', () => {
  const listing = 'a1\trefs/heads/v1\nb2\trefs/tags/v1\nc3\trefs/tags/v1^{}\nd4\trefs/tags/v2\n';
  it('prefers a branch to a tag of the same name', () => expect(chooseRevision(listing, 'v1')).toBe('a1'));
  it('takes a tag when there is no branch', () => expect(chooseRevision(listing, 'v2')).toBe('d4'));
  it('peels annotated tags to their commit', () =>
    expect(chooseRevision('b2\trefs/tags/v1\nc3\trefs/tags/v1^{}\n', 'v1')).toBe('c3'));
  it('finds nothing in nothing', () => expect(chooseRevision('', 'v1')).toBeUndefined());
});

describe('withoutCredentials', () => {
  it('takes user and password out of URLs', () =>
    expect(withoutCredentials("fatal: 'https://bob:pw@git.example/x' and ssh://git@h/y")).toBe(
      "fatal: 'https://git.example/x' and ssh://h/y",
    ));
});
