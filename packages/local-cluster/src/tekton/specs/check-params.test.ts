import { describe, expect, it } from 'vitest';
import { itemsOutOfRange, misfitOf } from './check-params.ts';
import type { ParamSpec } from './param-value.ts';

const list: ParamSpec = { name: 'list', type: 'array', default: ['a', 'b'] };
const place: ParamSpec = { name: 'place', type: 'object', properties: { host: {}, port: {} } };

describe('items of lists', () => {
  it('that the default does not have are out of range', () => {
    expect(itemsOutOfRange({ env: ['$(params.list[1])', '$(params.list[2])'] }, [list], [])).toEqual([
      '$(params.list[2])',
    ]);
  });

  it('are judged by the value that is passed', () => {
    const passed = [{ name: 'list', value: ['a'] }];
    expect(itemsOutOfRange('$(params.list[1])', [list], passed)).toEqual(['$(params.list[1])']);
    expect(itemsOutOfRange('$(params.list[0]) $(params.list[*])', [list], passed)).toEqual([]);
  });
});

describe('a misfit of params', () => {
  it('names what is missing first', () => {
    expect(misfitOf([{ name: 'word' }, list], [{ name: 'list', value: 'text' }])).toContain('[word]');
  });

  it('names values of another type', () => {
    expect(misfitOf([list], [{ name: 'list', value: 'text' }])).toContain('[list]');
  });

  it('names the keys that an object lacks as Go prints them', () => {
    expect(misfitOf([place], [{ name: 'place', value: { host: 'db' } }])).toContain('map[place:[port]]');
  });

  it('leaves values alone that are not to be judged', () => {
    expect(misfitOf([list], [{ name: 'list', value: '$(tasks.a.results.b)' }], [])).toBeUndefined();
  });
});
