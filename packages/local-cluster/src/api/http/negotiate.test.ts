/** The Accept header. */

import { describe, expect, it } from 'vitest';
import { negotiate } from './negotiate.ts';

describe('negotiate', () => {
  it.each([
    ['', 'json'],
    ['*/*', 'json'],
    ['application/vnd.kubernetes.protobuf,application/json', 'json'],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'table'],
    ['application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json', 'json'],
    ['application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1', 'metadata'],
    ['application/yaml', 'yaml'],
    ['text/html', undefined],
  ])('reads %j', (accept, expected) => {
    expect(negotiate(accept)).toBe(expected);
  });
});
