/** copyPackages: packages of npm that the program runs as programs of their own, with all that they depend on. */

import { cp, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.looseObject({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** Copies them from `root` to the same places below `target`. Throws an Error for a package that is not installed. */
export async function copyPackages(root: string, target: string, names: readonly string[]): Promise<void> {
  const directories = new Set<string>();
  for (const name of names) await addPackage(root, { name, from: root, optional: false }, directories);
  for (const directory of directories) {
    await cp(directory, join(target, relative(root, directory)), {
      recursive: true,
      // Those below it are copied for themselves, if they are needed.
      filter: (path) => !relative(directory, path).split('/').includes('node_modules'),
    });
  }
}

interface Dependency {
  readonly name: string;
  /** The directory that needs it. */
  readonly from: string;
  readonly optional: boolean;
}

async function addPackage(root: string, dependency: Dependency, found: Set<string>): Promise<void> {
  const directory = await findPackage(root, dependency);
  if (directory === undefined || found.has(directory)) return;
  found.add(directory);
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')));
  const optional = Object.keys(manifest.optionalDependencies);
  for (const name of new Set([...Object.keys(manifest.dependencies), ...optional]))
    await addPackage(root, { name, from: directory, optional: optional.includes(name) }, found);
}

/** As Node looks for it: in `node_modules` of the directory, then of those above it. */
async function findPackage(root: string, { name, from, optional }: Dependency): Promise<string | undefined> {
  for (let above = from; above.startsWith(root); above = dirname(above)) {
    const directory = join(above, 'node_modules', name);
    if (await isDirectory(directory)) return directory;
  }
  if (optional) return undefined;
  throw new Error(`${relative(root, from)} needs the package ${name}, which is not installed`);
}

async function isDirectory(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
