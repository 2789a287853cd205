/** selectApps: which apps of a stack a change of these files touches; a pure function. */

import { matchPaths, type Stack } from '@tekton-dag/model';

/** True when an app says which files of its repository are its own, so that the files have to be known. */
export function hasPathFilters(stack: Stack, apps: readonly string[]): boolean {
  return stack.apps.some(({ name, paths }) => paths !== undefined && apps.includes(name));
}

/** Those of `apps`, in their order, that one of the files belongs to; an app without patterns owns all of them. */
export function selectApps(
  stack: Stack,
  apps: readonly string[],
  files: readonly string[],
): readonly string[] {
  const patterns = new Map(stack.apps.map(({ name, paths }) => [name, paths]));
  return apps.filter((app) => {
    const own = patterns.get(app);
    return own === undefined || files.some((file) => matchPaths(own, file));
  });
}
