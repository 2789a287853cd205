/** Paths of the API. */

import { describe, expect, it } from 'vitest';
import { resolvePath } from './resolve-path.ts';

const core = { group: '', version: 'v1', name: '' };

describe('resolvePath', () => {
  it.each([
    ['/api/v1/pods', { ...core, resource: 'pods' }],
    ['/api/v1/namespaces', { ...core, resource: 'namespaces' }],
    ['/api/v1/namespaces/a', { ...core, resource: 'namespaces', name: 'a' }],
    ['/api/v1/namespaces/a/status', { ...core, resource: 'namespaces', name: 'a', subresource: 'status' }],
    ['/api/v1/namespaces/a/pods', { ...core, namespace: 'a', resource: 'pods' }],
    [
      '/api/v1/namespaces/a/pods/p/log',
      { ...core, namespace: 'a', resource: 'pods', name: 'p', subresource: 'log' },
    ],
    ['/apis/apps/v1/deployments', { group: 'apps', version: 'v1', resource: 'deployments', name: '' }],
    ['/api/v1/namespaces/a/pods/p%2Fq', { ...core, namespace: 'a', resource: 'pods', name: 'p/q' }],
  ])('reads %s', (path, expected) => {
    expect(resolvePath(path)).toEqual(expected);
  });

  it.each([
    '/',
    '/api',
    '/api/v1',
    '/apis/apps/v1',
    '/version',
    '/api/v1/namespaces/a/pods/p/log/x',
    '/api/v1/%zz',
  ])('finds no resource in %s', (path) => {
    expect(resolvePath(path)).toBeUndefined();
  });
});
