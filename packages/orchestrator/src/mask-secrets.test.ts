import { describe, expect, it } from 'vitest';
import { createSecretMask } from './mask-secrets.ts';
import { Secret } from './secret.ts';

describe('createSecretMask', () => {
  const mask = createSecretMask([
    new Secret('the token'),
    new Secret('the token of the api'),
    new Secret('x'),
  ]);

  it('hides the secrets of the settings, the longest first', () => {
    expect(mask('a the token of the api b the token c')).toBe('a [secret] b [secret] c');
  });

  it('leaves alone what is too short to be a secret', () => {
    expect(mask('x marks the spot')).toBe('x marks the spot');
  });

  it.each([
    [
      'git clone https://bot:hunter2hunter2@git.example.com/a',
      'git clone https://bot:[secret]@git.example.com/a',
    ],
    ['> Authorization: Bearer abc.def', '> Authorization: Bearer [secret]'],
    [`token ghp_${'a'.repeat(36)}.`, 'token [secret].'],
    ['AKIAABCDEFGHIJKLMNOP', '[secret]'],
    [`jwt eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.${'s'.repeat(40)}`, 'jwt [secret]'],
    ['at https://example.com:8080/path@1.2.3', 'at https://example.com:8080/path@1.2.3'],
  ])('%s', (text, masked) => expect(mask(text)).toBe(masked));

  it('takes a hostile line in time that grows with its length only', () => {
    const line = 'https://'.repeat(50_000) + 'eyJ'.repeat(50_000);
    const startedAt = performance.now();
    mask(line);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
