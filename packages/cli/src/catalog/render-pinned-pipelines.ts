/** renderPinnedPipelines: the files of pipeline/pinned, made of those of pipeline/. */

import { pinPipeline, PINNED_PIPELINES, type Pipeline, type Task } from '@tekton-dag/model';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const HEAD = `# Made by scripts/generate-pinned-pipelines.ts from pipeline/NAME: the same pipeline, whose tasks Tekton fetches from Git
# (docs/catalog-versions.md).
`;

/** Path in the repository to text. */
export async function renderPinnedPipelines(checkout: string): Promise<ReadonlyMap<string, string>> {
  const makers = await listMakers(checkout);
  const names = (await readdir(join(checkout, 'pipeline'))).filter((name) => /^stack-.*\.yaml$/.test(name));
  const texts = names.toSorted().map(async (name): Promise<[string, string]> => {
    const pipeline: Pipeline = parse(await readFile(join(checkout, 'pipeline', name), 'utf8'));
    const text = stringify(pinPipeline(pipeline, makers), { lineWidth: 0, aliasDuplicateObjects: false });
    return [`${PINNED_PIPELINES}/${name}`, HEAD.replace('NAME', name) + text];
  });
  return new Map(await Promise.all(texts));
}

/** Tasks that declare where the catalog is. */
async function listMakers(checkout: string): Promise<ReadonlySet<string>> {
  const files = (await readdir(join(checkout, 'tasks'))).filter((name) => name.endsWith('.yaml'));
  const tasks = files.map(async (name): Promise<Task> => {
    const task: Task = parse(await readFile(join(checkout, 'tasks', name), 'utf8'));
    return task;
  });
  const makers = (await Promise.all(tasks)).filter(({ spec }) =>
    spec.params?.some((param) => param.name === 'catalog-url'),
  );
  return new Set(makers.map(({ metadata }) => metadata.name ?? ''));
}
