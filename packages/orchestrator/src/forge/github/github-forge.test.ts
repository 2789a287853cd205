import { sign } from '@octokit/webhooks-methods';
import { property, assert, uint8Array, asyncProperty, string } from 'fast-check';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../secret.ts';
import { githubForge } from './github-forge.ts';

const secrets = [new Secret('the first secret'), new Secret('the second secret')];

describe('a signature of GitHub', () => {
  it('knows the example of the documentation of GitHub', () => {
    // GitHub docs, "Validating webhook deliveries", "Testing the webhook payload validation".
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    expect(
      githubForge.verify(Buffer.from('Hello, World!'), signature, [new Secret("It's a Secret to Everybody")]),
    ).toBe(true);
  });

  it('agrees with the library of octokit for any text', async () => {
    await assert(
      asyncProperty(string({ unit: 'grapheme', minLength: 1 }), async (text) => {
        const signature = await sign('the second secret', text);
        expect(githubForge.verify(Buffer.from(text), signature, secrets)).toBe(true);
        expect(githubForge.verify(Buffer.from(`${text} `), signature, secrets)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('holds over raw bytes, whatever they mean', () => {
    assert(
      property(uint8Array({ maxLength: 200 }), (bytes) => {
        const hex = createHmac('sha256', 'the first secret').update(bytes).digest('hex');
        expect(githubForge.verify(bytes, `sha256=${hex}`, secrets)).toBe(true);
        expect(githubForge.verify(bytes, `sha256=${hex}`, secrets.slice(1))).toBe(false);
      }),
    );
  });

  it.each([undefined, '', 'sha256=', 'sha1=abc', `sha256=${'0'.repeat(64)}`, `sha256=${'z'.repeat(64)}`])(
    'refuses %j',
    (signature) => {
      expect(githubForge.verify(Buffer.from('x'), signature, secrets)).toBe(false);
    },
  );
});
