/** The JSONPath of columns. */

import { describe, expect, it } from 'vitest';
import { compileJsonPath } from './json-path.ts';

const ROOT = {
  metadata: { annotations: { 'a.b/c': 'dotted' } },
  spec: { list: [{ n: 1 }, { n: 2 }], map: { x: 1, y: 2 } },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Other', status: 'False' },
    ],
  },
};

describe('compileJsonPath', () => {
  it.each([
    ['.spec.list[0].n', [1]],
    ['.spec.list[-1].n', [2]],
    ['.spec.list[*].n', [1, 2]],
    ['.spec.map.*', [1, 2]],
    ['{.spec.map.x}', [1]],
    ['$.spec.map.y', [2]],
    ["['spec']['map']['x']", [1]],
    ['.metadata.annotations.a\\.b/c', ['dotted']],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type!='Ready')].status", ['False']],
    ['.spec.missing.deeper', []],
  ])('reads %s', (path, expected) => {
    expect(compileJsonPath(path)?.(ROOT)).toEqual(expected);
  });

  it.each(['.spec.list[', 'spec', '.a[?(@.b)]'])('does not pretend to understand %s', (path) => {
    expect(compileJsonPath(path)).toBeUndefined();
  });
});
