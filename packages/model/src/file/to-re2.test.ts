import { describe, expect, it } from 'vitest';
import { toRe2 } from './to-re2.ts';

describe('toRe2', () => {
  it('leaves a pattern without look-ahead as it is', () => {
    expect(toRe2(/^[a-z](?:[a-z0-9-]*)$/)).toEqual({ allow: '^[a-z](?:[a-z0-9-]*)$', deny: [] });
  });

  it('takes look-aheads at the beginning apart', () => {
    expect(toRe2(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[a-z()]+$/)).toEqual({
      allow: '^[a-z()]+$',
      deny: ['^(?:/)', String.raw`^(?:(?:.*/)?\.\.(?:/|$))`],
    });
  });

  it('finds the end of a group whose class holds a parenthesis', () => {
    expect(toRe2(/^(?![)]|\))a$/)).toEqual({ allow: '^a$', deny: [String.raw`^(?:[)]|\))`] });
  });

  it('says which white space JavaScript means', () => {
    expect(toRe2(/^[^\s]\S$/).allow).toMatch(/^\^\[\^\\t.*x\{FEFF\}\]\[\^\\t.*\]\$$/);
  });

  it('keeps that case does not count', () => {
    expect(toRe2(/^a$/i)).toEqual({ allow: '(?i)^a$', deny: [] });
  });

  it.each([/^a(?!b)/, /^(?=a)a/, /(a)\1/])('refuses %s', (pattern) => {
    expect(() => toRe2(pattern)).toThrow('RE2 has nothing for');
  });
});
