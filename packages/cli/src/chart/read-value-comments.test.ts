import { expect, it } from 'vitest';
import { readValueComments } from './read-value-comments.ts';

it('takes the comment right above a key', () => {
  const text = `# About the file.

# The first.
first: 1
second: 2

# A map
# of two lines.
map:
  # Its first.
  a: 1
  # Its second.
  b: { c: 1 }
`;
  expect([...readValueComments(text)]).toEqual([
    ['first', 'The first.'],
    ['map', 'A map of two lines.'],
    ['map.a', 'Its first.'],
    ['map.b', 'Its second.'],
  ]);
});
