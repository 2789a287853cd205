/** Label selectors. */

import { assert, constantFrom, dictionary, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from './label-selector.ts';

const matches = (text: string, labels: Record<string, string>): boolean | string => {
  const parsed = parseLabelSelector(text);
  return parsed.ok ? parsed.value(labels) : parsed.error;
};

describe('parseLabelSelector', () => {
  it.each([
    ['a=1', { a: '1' }, true],
    ['a==1', { a: '2' }, false],
    ['a!=1', {}, true],
    ['a', { a: '' }, true],
    ['!a', { a: '' }, false],
    ['a in (1, 2),b notin (3)', { a: '2' }, true],
    ['a in (1)', {}, false],
    ['constructor', {}, false],
    ['!constructor', {}, true],
    ['example.com/x-y_z=v.1', { 'example.com/x-y_z': 'v.1' }, true],
    ['', { a: '1' }, true],
  ])('%j on %j gives %j', (text, labels, expected) => {
    expect(matches(text, labels)).toBe(expected);
  });

  it.each(['a in (', '=x', 'a b', 'a>1', 'a=b=c'])('refuses %j', (text) => {
    expect(matches(text, {})).toContain('unable to parse requirement');
  });

  it('gives a selector and its negation opposite answers', () => {
    const key = constantFrom('a', 'b', 'c');
    const value = constantFrom('1', '2');
    assert(
      property(key, value, dictionary(key, value), (k, v, labels) => {
        expect(matches(`${k}=${v}`, labels)).toBe(matches(`${k}!=${v}`, labels) === false);
        expect(matches(`${k} in (${v})`, labels)).toBe(matches(`${k} notin (${v})`, labels) === false);
        expect(matches(k, labels)).toBe(matches(`!${k}`, labels) === false);
      }),
    );
  });

  it('answers any text with a result', () => {
    assert(
      property(string(), (text) => {
        expect(typeof parseLabelSelector(text).ok).toBe('boolean');
      }),
    );
  });
});
