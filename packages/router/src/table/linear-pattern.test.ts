import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from './linear-pattern.ts';

function matches(source: string, value: string): boolean {
  const pattern = compilePattern(source);
  if ('refused' in pattern) throw new Error(pattern.refused);
  return pattern.test(value);
}

function refusal(source: string): string | undefined {
  const pattern = compilePattern(source);
  return 'refused' in pattern ? pattern.refused : undefined;
}

/** Patterns over a small alphabet, built so that both engines accept them and a backtracking one can bear them. */
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,}', '*?', '+?');
const character = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '[a-c]', '\\d', '\\w', '\\s', '\\.');
const assertion = fc.constantFrom('^', '$', '');
const piece = fc.tuple(character, quantifier).map(([atom, times]) => atom + times);
const sequence = fc.array(fc.oneof({ weight: 6, arbitrary: piece }, { weight: 1, arbitrary: assertion }), {
  maxLength: 3,
});
const choice = fc
  .array(sequence, { minLength: 1, maxLength: 3 })
  .map((options) => options.map((pieces) => pieces.join('')).join('|'));
const group = fc
  .tuple(fc.constantFrom('(', '(?:'), choice, quantifier)
  .map(([open, inner, times]) => `${open}${inner})${times}`);
const arbitraryPattern = fc
  .array(fc.oneof(group, choice, piece), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));

describe('a linear pattern', () => {
  it('agrees with ECMAScript about every whole value', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.', '1', ' '), maxLength: 8 });
    fc.assert(
      fc.property(arbitraryPattern, value, (source, text) => {
        expect(matches(source, text)).toBe(new RegExp(`^(?:${source})$`).test(text));
      }),
      { numRuns: 500 },
    );
  });

  it('takes the one place of an empty value for its start and its end', () => {
    expect(matches('($^)', '')).toBe(true);
    expect(matches('($^)', 'a')).toBe(false);
  });

  it('never matches a part of a value', () => {
    expect(matches('pr-4', 'pr-4')).toBe(true);
    expect(matches('pr-4', 'pr-42')).toBe(false);
    expect(matches('pr-4', 'xpr-4')).toBe(false);
  });

  it('decides patterns that stop a backtracking engine', () => {
    const value = `${'a'.repeat(8_000)}!`;
    for (const source of ['(a+)+', '(a|a)*', '(a*)*b', '.*.*.*.*.*=', '(.*,)?\\s*(a|aa)+\\s*([;,].*)?']) {
      expect(matches(source, value)).toBe(false);
    }
  });

  it('matches the same when its cache of state sets overflows', () => {
    const source = '(a|b)*a(a|b){12}';
    const expected = new RegExp(`^(?:${source})$`);
    const texts = fc.sample(
      fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 20, maxLength: 200 }),
      50,
    );
    const pattern = compilePattern(source);
    for (const text of texts) expect('test' in pattern && pattern.test(text)).toBe(expected.test(text));
  });

  it.each([
    '(',
    ')',
    '[a',
    'a{2,1}',
    'a{999}',
    '*a',
    'a**',
    '(?=a)',
    '(?!a)',
    '\\1',
    '\\b',
    '\\p{L}',
    '[b-a]',
    'é→',
    '\\',
  ])('refuses %s in words', (source) => {
    expect(refusal(source)).toMatch(/\w+ \w+/);
  });

  it('does not copy what is empty', () => {
    expect(matches('((((){200}){200}){200}){200}a', 'a')).toBe(true);
  });

  it('refuses a pattern that is too long or grows too large', () => {
    expect(refusal('a'.repeat(1_025))).toContain('longer than');
    expect(refusal('((a{100}){100}){100}')).toContain('states');
    expect(refusal('('.repeat(40) + ')'.repeat(40))).toContain('deeply');
  });

  it('never throws, whatever the pattern', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab()[]{}*+?|^$\\.-,1d:!='.split('')), maxLength: 20 }),
        (source) => {
          compilePattern(source);
        },
      ),
    );
  });
});
