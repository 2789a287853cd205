import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from './render-diagnostics.ts';

const PROBLEM = { file: 'a.yaml', line: 2, column: 4, endColumn: 6, message: 'wrong', code: 'bad-value' };

describe('renderDiagnostics', () => {
  it('puts the squiggle under the text, tabs kept', () => {
    expect(renderDiagnostics([PROBLEM], 'x\n\ta: bc\r\ny')).toBe(
      'a.yaml:2:4: wrong [bad-value]\n  2 | \ta: bc\n    | \t  ~~\n',
    );
  });

  it('puts the hint last and a blank line between problems', () => {
    const text = renderDiagnostics([{ ...PROBLEM, hint: 'do so' }, PROBLEM], 'x');
    expect(text).toBe('a.yaml:2:4: wrong [bad-value]\n  hint: do so\n\na.yaml:2:4: wrong [bad-value]\n');
  });

  it('marks one character where the end is not known or nothing stands', () => {
    const { endColumn: _, ...open } = PROBLEM;
    expect(renderDiagnostics([open], 'x\nabcdef')).toContain('   ~\n');
    expect(renderDiagnostics([{ ...PROBLEM, endColumn: 4 }], 'x\nabcdef')).toContain('   ~\n');
  });

  it('colours only when asked', () => {
    expect(renderDiagnostics([PROBLEM], 'x\nabcdef', { color: true })).toContain('\u001b[31mwrong\u001b[0m');
    expect(renderDiagnostics([PROBLEM], 'x\nabcdef')).not.toContain('\u001b');
  });

  it('lets no file steer the terminal', () => {
    const evil = { ...PROBLEM, file: 'a\u001b[2J', message: '\u001b]0;x\u0007\u202e', hint: '\r\nb' };
    expect(renderDiagnostics([evil], 'x\n\u001b[31mabc\u0085')).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  });
});
