/** versionsOf: the version of every app of a stack. */

import type { Graph } from '../graph/index.ts';
import { FIRST_VERSION, type Versions } from './versions.ts';

/** Overrides win; an app that nobody names has the first version. Overrides of other apps are left out. */
export function versionsOf(
  stack: Graph,
  versions: Versions,
  overrides: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = new Map(Object.entries(versions.apps).map(([app, { version }]) => [app, version]));
  const wanted = new Map([...known, ...Object.entries(overrides)]);
  return Object.fromEntries(stack.apps.map(({ name }) => [name, wanted.get(name) ?? FIRST_VERSION]));
}
