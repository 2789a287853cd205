import { describe, expect, it } from 'vitest';
import type { Manifest } from '../catalog/manifest.ts';
import { findFault } from './check-catalog.ts';

const task = (name: string, version?: string): Manifest => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'Task',
  metadata: { name, ...(version === undefined ? {} : { labels: { 'app.kubernetes.io/version': version } }) },
});
const expected = ['task/prepare', 'task/build'];

describe('findFault', () => {
  it.each([
    ['all there', [task('prepare', '0.2.0'), task('build', '0.2.0')], undefined],
    ['newer', [task('prepare', '0.3.0'), task('build', '0.2.0')], undefined],
    ['nothing', [], 'no tasks and pipelines of tekton-dag'],
    ['one missing', [task('build', '0.2.0')], 'no task/prepare'],
    [
      'one older',
      [task('prepare', '0.1.9'), task('build', '0.2.0')],
      "task/prepare of version 0.1.9, older than this program's 0.2.0,",
    ],
    [
      'one without a version',
      [task('prepare'), task('build', '0.2.0')],
      "task/prepare of version (none), older than this program's 0.2.0,",
    ],
  ])('tells of a catalog with %s', (_title, present, fault) => {
    expect(findFault({ present, expected, version: '0.2.0' })).toBe(fault);
  });
});
