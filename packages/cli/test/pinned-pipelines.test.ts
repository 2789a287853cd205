/** pipeline/pinned: the pipelines that Tekton fetches from Git are those of pipeline/, with tasks of the same commit. */

import type { Pipeline, PipelineTask } from '@tekton-dag/model';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderPinnedPipelines } from '../src/catalog/render-pinned-pipelines.ts';

const CHECKOUT = resolve(import.meta.dirname, '../../..');
const made = await renderPinnedPipelines(CHECKOUT);
const read = (path: string): string => readFileSync(join(CHECKOUT, path), 'utf8');
const readPipeline = (path: string): Pipeline => {
  const pipeline: Pipeline = parse(read(path));
  return pipeline;
};
const tasksOf = ({ spec }: Pipeline): PipelineTask[] => [...spec.tasks, ...(spec.finally ?? [])];

it('there is one for each pipeline, and no other', () => {
  const files = readdirSync(join(CHECKOUT, 'pipeline/pinned')).map((name) => `pipeline/pinned/${name}`);
  expect(files.toSorted()).toEqual([...made.keys()]);
  expect(files).toHaveLength(5);
});

describe.each([...made])('%s', (path, text) => {
  const pinned = readPipeline(path);
  const original = readPipeline(path.replace('pinned/', ''));

  it('is what scripts/generate-pinned-pipelines.ts writes', async () => {
    const options = await resolveConfig(join(CHECKOUT, path));
    expect(read(path)).toBe(await format(text, { ...options, filepath: path }));
  });

  it('names no task that must be installed: all come from the commit of the pipeline', () => {
    for (const [index, { taskRef }] of tasksOf(pinned).entries()) {
      const name = tasksOf(original)[index]?.taskRef?.name ?? '';
      expect(taskRef).toEqual({
        resolver: 'git',
        params: [
          { name: 'url', value: '$(params.catalog-url)' },
          { name: 'revision', value: '$(params.catalog-revision)' },
          { name: 'gitToken', value: '$(params.catalog-secret)' },
          { name: 'pathInRepo', value: `tasks/${name}.yaml` },
        ],
      });
      expect(readdirSync(join(CHECKOUT, 'tasks'))).toContain(`${name}.yaml`);
    }
  });

  it('tells task build where the tasks of its TaskRuns are', () => {
    const builds = tasksOf(pinned).filter(({ name }) => name === 'build');
    for (const { params } of builds) {
      expect(params).toContainEqual({ name: 'catalog-url', value: '$(params.catalog-url)' });
      expect(params).toContainEqual({ name: 'catalog-revision', value: '$(params.catalog-revision)' });
    }
  });

  it('is otherwise the same', () => {
    const { params = [], tasks, finally: last, ...rest } = pinned.spec;
    const { params: known = [], tasks: _tasks, finally: _last, ...wanted } = original.spec;
    expect(params.slice(0, known.length)).toEqual(known);
    expect(rest).toEqual(wanted);
    const withoutSource = ({ taskRef: _taskRef, params: _params, ...task }: PipelineTask): object => task;
    expect([...tasks, ...(last ?? [])].map(withoutSource)).toEqual(tasksOf(original).map(withoutSource));
    expect(pinned.metadata).toEqual(original.metadata);
  });
});
