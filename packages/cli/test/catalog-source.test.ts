/** What `catalog apply` notes on pipelines: where tasks and pipelines come from. */

import { createTempForge, type TempForge } from '@tekton-dag/steps/testing';
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { REPOSITORY, runInProcess } from './cli-rig.ts';

const run = promisify(execFile);
const FILES = {
  'tasks/prepare.yaml': 'apiVersion: tekton.dev/v1\nkind: Task\nmetadata: { name: prepare }\n',
  'pipeline/rbac.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: a }\n',
  'pipeline/stack-pr-test.yaml':
    'apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: { name: stack-pr-test }\n',
};
const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
});
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Annotations of the objects of a kind, in a text of YAML. */
const notesIn = (yaml: string, kind: string): Record<string, string>[] =>
  parseAllDocuments(yaml)
    .map((document) => objectSchema.safeParse(document.toJS()))
    .flatMap(({ data }) => (data?.kind === kind ? [data.metadata.annotations] : []));

let forge: TempForge;
let checkout: string;
let revision: string;
beforeEach(async () => {
  forge = await createTempForge();
  revision = await forge.push('acme/catalog', FILES);
  checkout = join(forge.directory, 'work/acme/catalog');
  await setOrigin('https://me:hunter2@git.example/acme/catalog.git');
});
afterEach(() => forge[Symbol.asyncDispose]());

const setOrigin = (url: string) => forge.git(['remote', 'set-url', 'origin', url], checkout);

async function apply(directory = checkout) {
  const done = await runInProcess(['catalog', 'apply', '--dry-run', '--checkout', directory], directory);
  expect(done).toMatchObject({ code: 0 });
  return { notes: notesIn(done.stdout, 'Pipeline'), tasks: notesIn(done.stdout, 'Task'), ...done };
}

describe('tekton-dag catalog apply', () => {
  it('notes commit, repository and digest on pipelines alone, and no password', async () => {
    const { notes, tasks, stdout, stderr } = await apply();
    expect(notes).toEqual([
      {
        'tekton-dag.io/catalog-digest': expect.stringMatching(DIGEST),
        'tekton-dag.io/catalog-revision': revision,
        'tekton-dag.io/catalog-url': 'https://git.example/acme/catalog.git',
      },
    ]);
    expect(tasks).toEqual([{}]);
    expect(stderr).toBe('');
    expect(stdout).not.toContain('hunter2');
  });

  it('notes no commit for files that are not those of the commit, and says so', async () => {
    const digestOf = ({ notes }: { notes: Record<string, string>[] }) =>
      notes[0]?.['tekton-dag.io/catalog-digest'];
    const clean = await apply();
    await writeFile(join(checkout, 'tasks/new.yaml'), FILES['tasks/prepare.yaml'].replace('prepare', 'new'));
    const changed = await apply();
    expect(changed.notes).toEqual([{ 'tekton-dag.io/catalog-digest': expect.stringMatching(DIGEST) }]);
    expect(digestOf(changed)).not.toBe(digestOf(clean));
    expect(changed.stderr).toContain('are not those of its commit');
  });

  it('does not mind changes elsewhere, and names no repository that Tekton cannot fetch', async () => {
    await writeFile(join(checkout, 'README.md'), 'changed');
    await setOrigin('/srv/catalog.git');
    const { notes } = await apply();
    expect(Object.keys(notes[0] ?? {})).toEqual([
      'tekton-dag.io/catalog-digest',
      'tekton-dag.io/catalog-revision',
    ]);
  });

  it('notes the digest where there is no Git', async () => {
    await rm(join(checkout, '.git'), { recursive: true });
    const { notes, stderr } = await apply();
    expect(Object.keys(notes[0] ?? {})).toEqual(['tekton-dag.io/catalog-digest']);
    expect(stderr).toBe('');
  });

  it('notes no commit of a repository that the catalog is only a part of', async () => {
    const files = Object.entries(FILES).map(([path, text]) => [`vendor/${path}`, text]);
    await forge.push('acme/whole', Object.fromEntries(files));
    const { notes } = await apply(join(forge.directory, 'work/acme/whole/vendor'));
    expect(Object.keys(notes[0] ?? {})).toEqual(['tekton-dag.io/catalog-digest']);
  });
});

const hasHelm = await run('helm', ['version', '--short']).then(
  () => true,
  () => false,
);

it.skipIf(!hasHelm)('the chart notes the same digest (skipped where helm is not there)', async () => {
  const chart = join(REPOSITORY, 'helm/tekton-dag');
  const { stdout } = await run('helm', ['template', 'x', chart, '-n', 'x'], { maxBuffer: 1 << 26 });
  const { notes } = await apply(REPOSITORY);
  const digestsOf = (all: readonly Record<string, string>[]): (string | undefined)[] =>
    all.map(({ 'tekton-dag.io/catalog-digest': digest }) => digest);
  expect(digestsOf(notesIn(stdout, 'Pipeline'))).toEqual(digestsOf(notes));
});
