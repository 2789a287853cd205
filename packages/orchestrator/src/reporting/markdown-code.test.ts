import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitSections } from './fit-sections.ts';
import { codeBlock, codeSpan } from './markdown-code.ts';
import { plainText } from './plain-text.ts';

describe('plainText', () => {
  it('drops colours, links of terminals, control characters and turned text', () => {
    const hostile =
      '\u001B[31mred\u001B[0m \u001B]8;;http://evil\u0007link\u001B]8;;\u0007 a\u0000b\u202Ec\u200Bd\r\ne';
    expect(plainText(hostile, 100)).toBe('red link abcd\ne');
  });

  it('cuts what is too long and says so, without half a character', () => {
    expect(plainText('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(plainText('😀😀😀', 4)).toBe('😀\uFFFD…');
  });
});

describe('codeSpan', () => {
  it.each([
    ['@octocat fixes #1', '`@octocat fixes #1`'],
    ['two\nlines', '`two lines`'],
    ['a `tick`', '`` a `tick` ``'],
    ['a|b', '`a\\|b`'],
    [' \u001B[0m ', '(empty)'],
  ])('shows %j as %s', (text, markdown) => {
    expect(codeSpan(text)).toBe(markdown);
  });

  it('cannot be closed from within, whatever the text', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        const span = codeSpan(`x${text}\`x`);
        const fence = /^`+/.exec(span)?.[0] ?? '';
        expect(span.slice(fence.length, -fence.length)).not.toContain(fence);
        expect(span).not.toContain('\n');
      }),
    );
  });
});

describe('codeBlock', () => {
  it('has a longer fence than anything inside', () => {
    expect(codeBlock('```\n@octocat\n````', 100)).toBe('`````text\n```\n@octocat\n````\n`````');
  });
});

describe('fitSections', () => {
  it('leaves out what does not fit, and says so', () => {
    expect(fitSections(['a', '', 'b'], 100)).toBe('a\n\nb');
    const fitted = fitSections(['a'.repeat(20), 'b'.repeat(100), 'c'], 110);
    expect(fitted).toMatch(/^a{20}\n\n_Parts of this report are left out/);
    expect(fitted.length).toBeLessThanOrEqual(110);
  });
});
