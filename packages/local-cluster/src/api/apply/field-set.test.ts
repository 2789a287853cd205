/** Field sets and their tree form. */

import { describe, expect, it } from 'vitest';
import { fieldsOf, parseFields, renderFields } from './field-set.ts';

const place = { builtIn: true, path: [], schema: undefined };

const OBJECT = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', labels: { a: '1' }, finalizers: ['x/y'] },
  spec: {
    containers: [{ name: 'c', ports: [{ containerPort: 80 }], args: ['a', 'b'] }],
    nodeSelector: { disk: 'ssd' },
    empty: {},
  },
};

describe('field sets', () => {
  it('record what an object sets, list items by their keys', () => {
    expect(renderFields(fieldsOf(OBJECT, place))).toEqual({
      'f:metadata': { 'f:labels': { 'f:a': {} }, 'f:finalizers': { 'v:"x/y"': {} } },
      'f:spec': {
        'f:containers': {
          'k:{"name":"c"}': {
            '.': {},
            'f:name': {},
            'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
            'f:args': {},
          },
        },
        'f:nodeSelector': {},
        'f:empty': {},
      },
    });
  });

  it('come back from their tree form unchanged', () => {
    const fields = fieldsOf(OBJECT, place);
    expect(parseFields(renderFields(fields))).toEqual(fields);
  });
});
