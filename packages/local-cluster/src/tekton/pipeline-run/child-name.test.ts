import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childName, taskRunNames } from './child-name.ts';

const names = fc.stringMatching(/^[a-z]([a-z0-9-]{0,80}[a-z0-9])?$/);

describe('names of children', () => {
  it('are at most 63 characters and the same every time', () => {
    fc.assert(
      fc.property(names, names, (parent, task) => {
        const name = childName(parent, `-${task}`);
        expect(name.length).toBeLessThanOrEqual(63);
        expect(childName(parent, `-${task}`)).toBe(name);
        expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
      }),
    );
  });

  it('differ within a matrix, however long', () => {
    fc.assert(
      fc.property(names, names, fc.integer({ min: 2, max: 30 }), (run, task, count) => {
        expect(new Set(taskRunNames(run, task, count)).size).toBe(count);
      }),
    );
  });
});
