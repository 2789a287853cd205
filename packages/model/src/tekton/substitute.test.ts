import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../testing/index.ts';
import { collectReferences, referencesIn } from './reference.ts';
import {
  paramScope,
  substitute,
  substituteAll,
  substituteItems,
  substituteParamValue,
} from './substitute.ts';

const scope = new Map([
  ...paramScope([
    { name: 'image', value: 'node' },
    { name: 'a.b', value: 'dotted' },
    { name: 'list', value: ['one', 'two'] },
    { name: 'empty', value: [] },
    { name: 'config', value: { url: 'http://x', 'log.level': 'debug' } },
  ]),
  ['context.taskRun.name', 'run-1'] as const,
  ['tasks.build.results.digest', 'sha256:1'] as const,
]);

describe('substitute', { timeout: 30_000 }, () => {
  it.each([
    ['$(params.image):1', 'node:1'],
    ['$(params["image"])', 'node'],
    ["$(params['a.b'])", 'dotted'],
    ['$(params["a.b"])', 'dotted'],
    ['$(params.list[1])', 'two'],
    ['$(params["list"][0])', 'one'],
    ['$(params.config.url)', 'http://x'],
    ['$(params.config.log.level)', 'debug'],
    ['$(context.taskRun.name)/$(tasks.build.results.digest)', 'run-1/sha256:1'],
    ['$$(params.image)', '$node'],
  ])('reads %s as %s', (text, value) => {
    expect(substitute(text, scope)).toEqual({ value, problems: [] });
  });

  it.each([
    '$(date)',
    '$(params)',
    '$(params.)',
    '$ (params.image)',
    '$(params.image',
    '${HOME}',
    '$((1 + 2))',
  ])('leaves %s alone without a word', (text) => {
    expect(substitute(text, scope)).toEqual({ value: text, problems: [] });
  });

  it.each([
    ['$(params.imgae)', 'unknown-reference'],
    ['$(params.config.port)', 'unknown-reference'],
    ['$(params.config.constructor)', 'unknown-reference'],
    ['$(params.image[0])', 'unknown-reference'],
    ['$(params.list[2])', 'index-out-of-range'],
    ['x $(params.list[*])', 'not-a-string'],
    ['x $(params.config)', 'not-a-string'],
  ])('reports %s as %s and leaves it as written', (text, reason) => {
    const { value, problems } = substitute(text, scope);
    expect(value).toBe(text);
    expect(problems).toMatchObject([{ reason, reference: text.slice(text.indexOf('$')) }]);
  });

  it('brings any value unchanged and never expands it a second time', () => {
    const hostile = fc.oneof(
      anyText(),
      fc.constantFrom('$(params.other)', '$(id)', '`id`', '"\'\n$&$1$$', '$(params["value"])', '\u2028é💥'),
    );
    fc.assert(
      fc.property(hostile, anyText(), hostile, (value, before, other) => {
        const values = paramScope([
          { name: 'value', value },
          { name: 'other', value: other },
        ]);
        const plain = before.replaceAll('$', '');
        expect(substitute(`${plain}$(params.value)${plain}`, values).value).toBe(`${plain}${value}${plain}`);
        expect(substituteItems(['$(params.value)'], values).value).toEqual([value]);
        expect(substituteAll({ a: [{ b: '$(params.value)' }] }, values).value).toEqual({ a: [{ b: value }] });
      }),
    );
  });
});

describe('substituteItems', { timeout: 30_000 }, () => {
  it('expands an item that is nothing but an array, with or without the star', () => {
    const items = ['a', '$(params.list[*])', '$(params.list)', '$(params.empty[*])', '$(params.image)'];
    expect(substituteItems(items, scope)).toEqual({
      value: ['a', 'one', 'two', 'one', 'two', 'node'],
      problems: [],
    });
  });

  it('reports an array that does not stand alone', () => {
    expect(substituteItems(['--x=$(params.list[*])'], scope).problems).toHaveLength(1);
  });

  it('never splits or joins the elements of an array', () => {
    fc.assert(
      fc.property(fc.array(anyText()), (list) => {
        const values = paramScope([{ name: 'list', value: list }]);
        expect(substituteItems(['$(params.list[*])'], values).value).toEqual(list);
        expect(substituteParamValue('$(params.list[*])', values).value).toEqual(list);
      }),
    );
  });
});

describe('substituteParamValue', () => {
  it('passes arrays and objects on whole', () => {
    expect(substituteParamValue('$(params.list[*])', scope).value).toEqual(['one', 'two']);
    expect(substituteParamValue('$(params.config[*])', scope).value).toEqual({
      url: 'http://x',
      'log.level': 'debug',
    });
  });

  it('replaces inside the values of an object', () => {
    expect(substituteParamValue({ url: '$(params.config.url)/$(params.image)' }, scope).value).toEqual({
      url: 'http://x/node',
    });
  });

  it('reports what an object refers to in vain', () => {
    expect(substituteParamValue({ url: '$(params.nothing)' }, scope).problems).toHaveLength(1);
  });
});

describe('substituteAll', () => {
  it('keeps numbers, booleans and null as they are and changes no key', () => {
    const value = { '$(params.image)': 1, on: true, none: null, args: ['$(params.list[*])', 'z'] };
    expect(substituteAll(value, scope).value).toEqual({ ...value, args: ['one', 'two', 'z'] });
  });
});

describe('referencesIn', () => {
  it('gives the path and the index of each reference in order', () => {
    expect(referencesIn('$(tasks.a.results.b[0]) $(params["x.y"][*]) $(date)')).toEqual([
      { text: '$(tasks.a.results.b[0])', path: 'tasks.a.results.b', index: 0 },
      { text: '$(params["x.y"][*])', path: 'params.x.y', index: '*' },
    ]);
  });

  it('finds the references of a whole object', () => {
    const value = { params: [{ value: '$(tasks.a.results.b)' }], when: [{ values: ['$(params.c)'] }], n: 1 };
    expect(collectReferences(value).map((reference) => reference.path)).toEqual([
      'tasks.a.results.b',
      'params.c',
    ]);
  });
});
