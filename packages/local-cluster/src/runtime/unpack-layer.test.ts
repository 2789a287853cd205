import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relativeLinkTarget } from './unpack-layer.ts';

/** Follows a target by name from the directory of a path; false as soon as it leaves the root. */
function staysInside(path: string, target: string): boolean {
  let depth = path.split('/').filter((part) => part !== '').length - 1;
  return target.split('/').every((part) => {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    return depth >= 0;
  });
}

describe('the target of a symbolic link', () => {
  it.each([
    ['bin', 'usr/bin', 'usr/bin'],
    ['usr/lib/x', '../bin', '../bin'],
    ['usr/bin/python', '/usr/local/bin/python3', '../../usr/local/bin/python3'],
    ['top', '/', '.'],
    ['a/b', '../..', undefined],
    ['a', '..', undefined],
    ['a/b', 'link/../../x', undefined],
    ['a', '', undefined],
  ])('of %s to %s is %s', (path, target, expected) => {
    expect(relativeLinkTarget(path, target)).toBe(expected);
  });

  it('never leaves the root, whatever the archive says', () => {
    const part = fc.constantFrom('a', 'b', '..', '.', '');
    const path = fc
      .array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    const target = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, target, (from, to) => {
        const safe = relativeLinkTarget(from, to);
        expect(safe === undefined || (!safe.startsWith('/') && staysInside(from, safe))).toBe(true);
      }),
    );
  });
});
