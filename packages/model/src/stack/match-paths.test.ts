import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchPaths } from './match-paths.ts';

describe('matchPaths', () => {
  it.each([
    ['services/web/**', 'services/web/src/a.ts', true],
    ['services/web/**', 'services/website/a.ts', false],
    ['services/*/go.mod', 'services/web/go.mod', true],
    ['services/*/go.mod', 'services/web/sub/go.mod', false],
    ['**/*.md', 'README.md', true],
    ['**/*.md', 'docs/a/b.md', true],
    ['**/web/x', 'a/subweb/x', false],
    ['a/**/x', 'a/x', true],
    ['a/**/x', 'a/b/c/x', true],
    ['a/**/x', 'a/bx', false],
    ['**', 'any/thing', true],
    ['file?.ts', 'file1.ts', true],
    ['a?b', 'a/b', false],
    ['*', 'top', true],
    ['*', 'in/it', false],
    ['a.c', 'abc', false],
    ['a+b', 'a+b', true],
    ['Web/**', 'web/x', false],
  ])('says of %s and %s: %s', (pattern, path, expected) => {
    expect(matchPaths([pattern], path)).toBe(expected);
  });

  it('lets the last pattern that matches decide', () => {
    const patterns = ['src/**', '!src/**/*.md', 'src/keep.md'];
    expect(matchPaths(patterns, 'src/a.ts')).toBe(true);
    expect(matchPaths(patterns, 'src/doc/a.md')).toBe(false);
    expect(matchPaths(patterns, 'src/keep.md')).toBe(true);
    expect(matchPaths(patterns, 'other.ts')).toBe(false);
  });

  it('takes everything where nothing is said, and everything else where only exclusions are', () => {
    expect(matchPaths([], 'a')).toBe(true);
    expect(matchPaths(['!docs/**'], 'a')).toBe(true);
    expect(matchPaths(['!docs/**'], 'docs/a')).toBe(false);
  });

  it('means by a pattern without signs the file itself, and by two stars everything', () => {
    const plain = fc.string({ minLength: 1 }).filter((text) => !/^!|[*?]/.test(text));
    fc.assert(
      fc.property(plain, fc.string(), (name, other) => {
        expect(matchPaths([name], other)).toBe(name === other);
        expect(matchPaths([`**/${name}`], `${other}/${name}`)).toBe(true);
        expect(matchPaths([`${name}**`], `${name}${other}`)).toBe(true);
      }),
    );
  });

  it('answers for hostile patterns in steps that grow with the product of the lengths', () => {
    expect(matchPaths([`${'**/*a'.repeat(50)}b`], `${'a/'.repeat(2_000)}c`)).toBe(false);
  });
});
