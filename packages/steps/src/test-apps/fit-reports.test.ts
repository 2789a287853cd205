import { describe, expect, it } from 'vitest';
import { fitReports } from './fit-reports.ts';

describe('fitReports', () => {
  it('keeps reports in order as long as they fit', () =>
    expect(fitReports([{ a: '123' }, { b: '456' }, { c: '7' }], 6)).toEqual({ a: '123', b: '456' }));
});
