/** JSON Patch. */

import { anything, array, assert, constantFrom, jsonValue, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPatch } from './json-patch.ts';

describe('jsonPatch', () => {
  it.each([
    [{ a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    [{ a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    [{ a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    [{ a: 1 }, [{ op: 'remove', path: '/a' }], {}],
    [{ 'x/y~z': 1 }, [{ op: 'replace', path: '/x~1y~0z', value: 2 }], { 'x/y~z': 2 }],
    [{ a: 1 }, [{ op: 'replace', path: '', value: 7 }], 7],
    [{ a: { b: 1 } }, [{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, c: 1 }],
    [{ a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
  ])('%j with %j becomes %j', (target, patch, expected) => {
    expect(jsonPatch(target, patch)).toEqual({ ok: true, value: expected });
  });

  it.each([
    [{ op: 'remove', path: '/missing' }],
    [{ op: 'replace', path: '/missing', value: 1 }],
    [{ op: 'add', path: '/missing/x', value: 1 }],
    [{ op: 'add', path: '/list/9', value: 1 }],
    [{ op: 'add', path: '/list/01', value: 1 }],
    [{ op: 'test', path: '/list', value: [2] }],
    [{ op: 'explode', path: '/list' }],
    [{ op: 'add', path: 'list', value: 1 }],
    [{ op: 'remove', path: '/toString' }],
  ])('refuses %j', (operation) => {
    expect(jsonPatch({ list: [1] }, [operation]).ok).toBe(false);
  });

  it('never changes what it is given and never throws', () => {
    const operation = record({
      op: constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
      path: constantFrom('', '/a', '/a/0', '/a/-', '/__proto__', '/a/b'),
      from: constantFrom('', '/a', '/a/0'),
      value: jsonValue(),
    });
    assert(
      property(jsonValue(), array(operation), anything(), (target, patch, nonsense) => {
        const before = JSON.stringify(target);
        jsonPatch(target, patch);
        jsonPatch(target, nonsense);
        expect(JSON.stringify(target)).toBe(before);
      }),
    );
  });
});
