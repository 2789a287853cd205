import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replacementsOfParams, withoutParams } from './replacements.ts';
import { substitute } from './substitute.ts';

const paramsOf = (value: string | string[]) => replacementsOfParams([], [{ name: 'p', value }]);

describe('substitute', () => {
  it('puts any text in place unchanged, whatever variables it seems to hold', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('$(params.p)', '$$(x)', '$&', "$'")),
        (text) => {
          expect(substitute({ args: ['<$(params.p)>'] }, paramsOf(text))).toEqual({ args: [`<${text}>`] });
        },
      ),
    );
  });

  it('spreads a list that stands alone in a list, and takes it whole in a field', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (list) => {
        const filled = substitute(
          { args: ['x', '$(params.p[*])'], value: '$(params["p"][*])' },
          paramsOf(list),
        );
        expect(filled).toEqual({ args: ['x', ...list], value: list });
      }),
    );
  });

  it('leaves what it does not know', () => {
    expect(substitute({ a: '$(params.q) $(date) $(tasks.x.results.y)' }, paramsOf('v'))).toEqual({
      a: '$(params.q) $(date) $(tasks.x.results.y)',
    });
  });

  it('lets an inner scope hide an outer param', () => {
    const outer = withoutParams(paramsOf('outer'), new Set(['p']));
    expect(substitute('$(params.p)', outer)).toBe('$(params.p)');
  });
});
