import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixCombinations } from './matrix-combinations.ts';

const names = ['os', 'arch', 'mode'];
const matrices = fc
  .array(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((lists) => lists.map((value, index) => ({ name: names[index] ?? '', value })));

describe('matrixCombinations', () => {
  it('makes each combination exactly once', () => {
    fc.assert(
      fc.property(matrices, (params) => {
        const combinations = matrixCombinations({ params });
        expect(combinations).toHaveLength(params.reduce((count, { value }) => count * value.length, 1));
        expect(new Set(combinations.map((one) => JSON.stringify(one))).size).toBe(combinations.length);
      }),
    );
  });

  it('adds the params of an include to the combinations it fits, and a new one for a new value', () => {
    expect(
      matrixCombinations({
        params: [{ name: 'os', value: ['linux', 'mac'] }],
        include: [
          {
            params: [
              { name: 'os', value: 'mac' },
              { name: 'flag', value: 'x' },
            ],
          },
          { params: [{ name: 'os', value: 'plan9' }] },
          { params: [{ name: 'everywhere', value: 'yes' }] },
        ],
      }),
    ).toEqual([
      [
        { name: 'everywhere', value: 'yes' },
        { name: 'os', value: 'linux' },
      ],
      [
        { name: 'everywhere', value: 'yes' },
        { name: 'flag', value: 'x' },
        { name: 'os', value: 'mac' },
      ],
      [{ name: 'os', value: 'plan9' }],
    ]);
  });
});
