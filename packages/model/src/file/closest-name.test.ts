import { describe, expect, it } from 'vitest';
import { closestName } from './closest-name.ts';

describe('closestName', () => {
  it.each([
    ['contaner-port', 'container-port'],
    ['Repo', 'repo'],
    ['rpeo', undefined],
    ['descripton', 'description'],
    ['x', undefined],
    ['', undefined],
    ['persistance', 'persistence'],
  ])('for %j is %j', (word, expected) => {
    const known = ['container-port', 'repo', 'description', 'persistence'];
    expect(closestName(word, known)).toBe(expected);
  });

  it('takes the first of equals', () => {
    expect(closestName('app-9', ['app-1', 'app-2'])).toBe('app-1');
  });
});
