/** findCheckout: the checkout whose tasks and pipelines are used: the one that was named, else the program's own. */

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';

/** The folders of the catalog, in a checkout. */
export const CATALOG_FOLDERS = ['tasks', 'pipeline'] as const;

/** An absolute path; CliFailure when there is no catalog there. */
export function findCheckout(host: CliHost, named: string | undefined): string {
  if (named !== undefined) return checkNamed(resolve(host.cwd, named), named);
  const own = findOwnCheckout();
  if (own !== undefined) return own;
  throw new CliFailure(
    EXIT.invalidInput,
    'this program carries no catalog',
    'name a checkout of tekton-dag with --checkout',
  );
}

/** Undefined for a program that was installed without its repository. */
export function findOwnCheckout(): string | undefined {
  for (
    let directory = import.meta.dirname;
    directory !== dirname(directory);
    directory = dirname(directory)
  ) {
    if (hasCatalog(directory)) return directory;
  }
  return undefined;
}

function checkNamed(directory: string, named: string): string {
  if (hasCatalog(directory)) return directory;
  throw new CliFailure(
    EXIT.invalidInput,
    `${named} is no checkout of tekton-dag: it has no folders tasks and pipeline`,
  );
}

function hasCatalog(directory: string): boolean {
  return CATALOG_FOLDERS.every((folder) =>
    existsSync(join(directory, folder, folder === 'tasks' ? 'prepare.yaml' : 'rbac.yaml')),
  );
}
