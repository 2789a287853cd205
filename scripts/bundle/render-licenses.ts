/** renderLicenses: the terms of every package of npm that is in the bundle, as these terms ask. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PACKAGE = /^(?<directory>(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** `inputs` are paths below `root`. One section a package, sorted by name. */
export async function renderLicenses(root: string, inputs: readonly string[]): Promise<string> {
  const directories = new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.groups?.['directory'] ?? []));
  const sections = await Promise.all(Array.from(directories, (path) => renderPackage(join(root, path))));
  return sections.toSorted().join('\n');
}

async function renderPackage(directory: string): Promise<string> {
  const { name, version, license }: Record<string, string> = JSON.parse(
    await readFile(join(directory, 'package.json'), 'utf8'),
  );
  const names = await readdir(directory);
  const files = names.filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  return `${name} ${version} (${license})\n\n${texts.map((text) => `${text.trim()}\n`).join('\n')}`;
}
