/** readCatalog: the objects of a checkout's folders tasks and pipeline, in the order in which they are applied. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';
import { CATALOG_FOLDERS } from './find-checkout.ts';
import { definitionOf, manifestSchema, type Manifest } from './manifest.ts';

/** CliFailure that names file and line for YAML that is none, and for an object that we do not apply. */
export async function readCatalog(checkout: string): Promise<Manifest[]> {
  const files = await Promise.all(CATALOG_FOLDERS.map((folder) => listYaml(checkout, folder)));
  const objects = await Promise.all(files.flat().map((file) => readManifests(checkout, file)));
  return objects.flat().toSorted((a, b) => rankOf(a) - rankOf(b));
}

/** Accounts and rights before the tasks that need them, tasks before the pipelines that name them. */
const ORDER = ['ServiceAccount', 'Role', 'ClusterRole', 'RoleBinding', 'Task', 'Pipeline'];

function rankOf({ kind }: Manifest): number {
  return ORDER.indexOf(kind);
}

async function listYaml(checkout: string, folder: string): Promise<string[]> {
  const names = await readdir(join(checkout, folder));
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => `${folder}/${name}`);
}

async function readManifests(checkout: string, file: string): Promise<Manifest[]> {
  const { LineCounter, parseAllDocuments } = await import('yaml');
  const text = await readFile(join(checkout, file), 'utf8');
  const lineCounter = new LineCounter();
  const documents = [...parseAllDocuments(text, { lineCounter })];
  return documents.map((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) throw new CliFailure(EXIT.invalidInput, `${file}: ${fault.message}`);
    const { line } = lineCounter.linePos(document.contents?.range?.[0] ?? document.range[0]);
    return parseManifest(document.toJS(), `${file}:${line}`);
  });
}

function parseManifest(value: unknown, place: string): Manifest {
  const manifest = manifestSchema.safeParse(value);
  if (!manifest.success) {
    throw new CliFailure(
      EXIT.invalidInput,
      `${place} is no Kubernetes object:\n${z.prettifyError(manifest.error)}`,
    );
  }
  const { kind } = manifest.data;
  if (ORDER.includes(kind) && definitionOf(kind) !== undefined) return manifest.data;
  throw new CliFailure(
    EXIT.invalidInput,
    `${place}: the catalog holds no object of kind ${kind}`,
    `it holds ${ORDER.join(', ')}`,
  );
}
