import { describe, expect, it } from 'vitest';
import { findStaticToken } from './static-token.ts';
import { parseTokenFile } from './parse-token-file.ts';

/** SHA-256 of `a token of some length`. */
const DIGEST = 'f7db57d6e2fc8a20d5c8ff2a9d1dfdf5a7b2d2a80bd3a5a9a6ff0b6ab8e6dd3b';

describe('parseTokenFile', () => {
  it('takes YAML and JSON, and finds the caller of a token', async () => {
    const { createHash } = await import('node:crypto');
    const sha256 = createHash('sha256').update('a token of some length').digest('hex');
    const yaml = `- { name: ci, sha256: ${sha256}, access: { shop: runner, "*": viewer } }`;
    const json = JSON.stringify([{ name: 'ci', sha256, access: { shop: 'runner', '*': 'viewer' } }]);
    for (const text of [yaml, json]) {
      const tokens = parseTokenFile(text, 'tokens.yaml');
      if (!tokens.ok) throw new Error('the file is good');
      expect(findStaticToken(tokens.value, 'a token of some length')).toEqual({
        name: 'token/ci',
        access: new Map([
          ['shop', 'runner'],
          ['*', 'viewer'],
        ]),
      });
      expect(findStaticToken(tokens.value, 'a token of some lengt')).toBeUndefined();
      expect(findStaticToken(tokens.value, sha256)).toBeUndefined();
    }
  });

  it('tells every problem with its line', () => {
    const text = `- name: ci
  sha256: a token in plain text
  access: { shop: owner }
- name: "two\\nlines"
  sha256: ${DIGEST}
  access: { "../x": viewer }
  note: x
`;
    const tokens = parseTokenFile(text, 'tokens.yaml');
    if (tokens.ok) throw new Error('the file is bad');
    expect([...new Set(tokens.error.map(({ line }) => line))]).toEqual([2, 3, 4, 6, 7]);
    expect(JSON.stringify(tokens.error)).not.toContain('plain text');
  });
});
