import { describe, expect, it } from 'vitest';
import { fitResults } from './fit-results.ts';

describe('fitResults', () => {
  it('leaves alone what fits', () => {
    const results = { a: 'x'.repeat(1_500), b: 'y'.repeat(1_500), c: '' };
    expect(fitResults(results, 'elsewhere')).toEqual(results);
  });

  it('replaces the longest first, and no more than must be', () => {
    const results = { short: 'web', long: 'x'.repeat(3_000), longest: 'y'.repeat(3_500) };
    expect(fitResults(results, 'elsewhere')).toEqual({ ...results, longest: 'elsewhere' });
  });

  it('counts what JSON makes longer', () => {
    const versions = JSON.stringify(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`a${i}`, ''])));
    expect(versions.length).toBeLessThan(3_696);
    expect(fitResults({ versions }, 'elsewhere')).toEqual({ versions: 'elsewhere' });
  });
});
