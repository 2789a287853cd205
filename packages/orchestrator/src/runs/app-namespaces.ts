/** appNamespaces: where the apps of a stack live. */

import type { Stack } from '@tekton-dag/model';

/** Each namespace once, in alphabetical order. */
export function appNamespaces(stack: Stack, defaultNamespace: string): readonly string[] {
  const fallback = stack.defaults.namespace ?? defaultNamespace;
  return [...new Set(stack.apps.map((app) => app.namespace ?? fallback))].sort();
}
